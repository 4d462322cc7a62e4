from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from wagtail.models import Locale, Page

from search.backend import clean_query

PAGE_LENGTH = 20


def search(request):
    """Every public page in the language of the address in which the words of `q` are found."""
    query = clean_query(request.GET.get("q", ""))
    pages = Page.objects.live().public().filter(locale=Locale.get_active(), depth__gt=1)
    found = Paginator(pages.search(query), PAGE_LENGTH)
    results = found.get_page(request.GET.get("page"))
    specific = Page.objects.specific().in_bulk([page.pk for page in results.object_list])
    results.object_list = [specific[page.pk] for page in results.object_list]
    for page in results.object_list:
        page.kind = page._meta.verbose_name
    context = {"query": query, "results": results, "count": found.count}
    return TemplateResponse(request, "search/search.html", context)
