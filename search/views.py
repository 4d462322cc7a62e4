from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from wagtail.models import Locale

from search.results.missed import count_missed
from search.results.promotions import promoted_results
from search.results.result import Result
from search.results.search import Search, suggestions

PAGE_LENGTH = 20


class ResultList:
    """The results of a search for a paginator, fetched page by page."""

    def __init__(self, search: Search, request: HttpRequest) -> None:
        self.search = search
        self.request = request

    def __len__(self) -> int:
        return self.search.count

    def __getitem__(self, part: slice) -> list[Result]:
        return self.search.results(part.start, part.stop, self.request)


def search(request: HttpRequest) -> HttpResponse:
    """Show the public objects that match `q`, in the language of the URL."""
    found = Search(request.GET, Locale.get_active())
    results = Paginator(ResultList(found, request), PAGE_LENGTH).get_page(request.GET.get("page"))
    is_first = results.number == 1 and not found.filters.are_set
    promoted = promoted_results(found.query, found.locale, request) if is_first else []
    context = {"search": found, "query": found.query.text, "results": results, "promoted": promoted}
    if found.is_missed and is_first and not promoted:
        count_missed(found.query)
    return without_caching(TemplateResponse(request, "search/search.html", context))


def suggest(request: HttpRequest) -> HttpResponse:
    """Return up to eight suggestions for what a visitor is typing, as JSON: title, kind and URL."""
    found = suggestions(request.GET.get("q", ""), Locale.get_active(), request)
    shown = [{"title": each.title, "kind": str(each.kind), "address": each.address} for each in found]
    response = JsonResponse({"suggestions": shown})
    response.policy = "data"
    return without_caching(response)


def without_caching(response: HttpResponse) -> HttpResponse:
    """Keep the response out of all caches, since what people search for is private."""
    response["Cache-Control"] = "no-store"
    return response
