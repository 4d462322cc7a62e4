"""An oEmbed provider, so that other sites can turn a URL of ours into a frame: https://oembed.com/"""

from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.http import HttpResponse, JsonResponse, QueryDict
from django.views.decorators.http import require_safe
from wagtail.models import Site

from concerns.models import ConcernPage
from home.models import page_at
from home.querysets import visible
from home.seo.sitemap import translation_of
from home.text import clean_data
from home.wagtail_internals import find_redirect
from timeline.embedding.builder import iframe
from timeline.embedding.records import describe_page, without_page
from timeline.models import EventPage, TimelinePage

# Default and maximum size in pixels.
WIDTH, HEIGHT = 720, 600
# The maximum for the image of a page.
LARGEST = 3200
# Consumers may cache a response for this many seconds.
CACHE_AGE = 24 * 3600


@require_safe
def oembed(request):
    """
    Describe the frame for the timeline, event or concern at `url`, in the language of `lang`, here or there;
    or a page of a document.

    The status is 404 if the URL isn't that of a public one, and 501 for a `format` other than json and xml.
    """
    form = request.GET.get("format", "json")
    if form not in ("json", "xml"):
        return data(HttpResponse(status=501, content_type="text/plain"))
    answer = describe(request)
    if answer is None:
        return data(HttpResponse(status=404, content_type="text/plain"))
    answer = clean_data({"version": "1.0", "cache_age": CACHE_AGE} | answer)
    return data(JsonResponse(answer) if form == "json" else as_xml(answer))


def describe(request):
    url, number = without_page(request.GET.get("url", ""))
    page, parameters = page_of(request, url)
    if page is None:
        return None
    shown = translation_of(page, parameters.get("lang"))
    if number:
        most = size(request.GET, "maxwidth", LARGEST), size(request.GET, "maxheight", LARGEST)
        own = describe_page(shown, number, parameters.get("q", ""), most)
    else:
        own = describe_frame(request, shown, frame_url(page, parameters))
    provider = {"provider_name": settings.WAGTAIL_SITE_NAME, "provider_url": page.get_site().root_url}
    return own and provider | own


def describe_frame(request, page, frame):
    if frame is None:
        return None
    width, height = size(request.GET, "maxwidth", WIDTH), size(request.GET, "maxheight", HEIGHT)
    html = iframe(frame, page, width, height)
    return {"type": "rich", "title": page.title, "html": html, "width": width, "height": height}


def page_of(request, url):
    """Return the public page at this URL and the parameters of its query string, or None twice."""
    site = Site.find_for_request(request)
    try:
        parts = urlsplit(url)
    except ValueError:
        return None, None
    if site is None or f"{parts.scheme}://{parts.netloc}" != site.root_url:
        return None, None
    page = page_at(site, parts.path) or moved_page(request, parts.path)
    parameters = QueryDict(parts.query, mutable=True)
    if language := request.GET.get("lang"):
        parameters["lang"] = language
    return (page, parameters) if visible([page]) else (None, None)


def moved_page(request, path):
    """Return the page that had this path before it was renamed or moved, or None."""
    redirect = find_redirect(request, path)
    is_of_page = redirect and redirect.redirect_page and not redirect.redirect_page_route_path
    return redirect.redirect_page.specific if is_of_page else None


def frame_url(page, parameters):
    """Return the URL of a frame that shows the page, or None."""
    if isinstance(page, TimelinePage):
        return embed_url(page, parameters.urlencode())
    language = {"lang": parameters["lang"]} if "lang" in parameters else {}
    if isinstance(page, EventPage):
        timeline = TimelinePage.objects.parent_of(page).for_visitors().first()
        return embed_url(timeline, urlencode({"event": page.slug} | language)) if timeline else None
    if isinstance(page, ConcernPage):
        timelines = TimelinePage.objects.for_visitors().filter(locale_id=page.locale_id)
        if timeline := timelines.first():
            return embed_url(timeline, urlencode({"concern": page.slug} | language))
    return None


def embed_url(timeline, query):
    address = timeline.full_url + timeline.reverse_subpage("embed")
    return f"{address}?{query}" if query else address


def size(parameters, name, most):
    """Return the default size in pixels, or the requested one if it is smaller."""
    value = parameters.get(name, "")
    asked = int(value) if value.isascii() and value.isdecimal() and len(value) < 6 else 0
    return min(asked, most) if asked else most


def as_xml(answer):
    root = ElementTree.Element("oembed")
    for name, value in answer.items():
        ElementTree.SubElement(root, name).text = str(value)
    text = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="text/xml; charset=utf-8")


def data(response):
    response.policy = "data"
    return response
