from django.core.paginator import Paginator
from django.http import JsonResponse
from django.template.response import TemplateResponse
from wagtail.models import Locale

from search.results import missed
from search.results.finding import Search, suggestions

PAGE_LENGTH = 20


class ResultList:
    """The results of a search as a paginator takes them: counted at once, looked up page by page."""

    def __init__(self, search, request):
        self.search = search
        self.request = request

    def __len__(self):
        return self.search.count

    def __getitem__(self, part):
        return self.search.results(part.start, part.stop, self.request)


def search(request):
    """Every public thing in the language of the address in which the words of `q` are found."""
    found = Search(request.GET, Locale.get_active())
    results = Paginator(ResultList(found, request), PAGE_LENGTH).get_page(request.GET.get("page"))
    is_first = results.number == 1 and not found.filters.are_set
    promoted = found.promoted(request) if is_first else []
    context = {"search": found, "query": found.query.text, "results": results, "promoted": promoted}
    if found.is_missed and is_first and not promoted:
        missed.note(found.query)
    return unkept(TemplateResponse(request, "search/search.html", context))


def suggest(request):
    """What somebody may be about to type, as JSON: title, kind and address of up to eight things."""
    found = suggestions(request.GET.get("q", ""), Locale.get_active(), request)
    shown = [{"title": each.title, "kind": str(each.kind), "address": each.address} for each in found]
    response = JsonResponse({"suggestions": shown})
    response.policy = "data"
    return unkept(response)


def unkept(response):
    """The answer, to be kept neither here nor on a device that others use: what people look for is theirs."""
    response["Cache-Control"] = "no-store"
    return response
