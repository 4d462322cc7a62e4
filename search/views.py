from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from wagtail.models import Locale, Page, Site

from search.backend import clean_query

PAGE_LENGTH = 20


def search(request):
    """Every public page in the language of the address in which the words of `q` are found."""
    query = clean_query(request.GET.get("q", ""))
    found = Paginator(public_pages(request).search(query), PAGE_LENGTH)
    results = found.get_page(request.GET.get("page"))
    specific = Page.objects.specific().in_bulk([page.pk for page in results.object_list])
    results.object_list = [specific[page.pk] for page in results.object_list if page.pk in specific]
    for page in results.object_list:
        page.kind = page._meta.verbose_name
    context = {"query": query, "results": results, "count": found.count}
    return TemplateResponse(request, "search/search.html", context)


def public_pages(request):
    """What a visitor of this site can reach in the active language."""
    home = Site.find_for_request(request).root_page.get_translation_or_none(Locale.get_active())
    if home is None:
        return Page.objects.none()
    return Page.objects.descendant_of(home, inclusive=True).live().public()
