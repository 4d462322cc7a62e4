from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.translation import override
from django.views.decorators.http import require_safe
from wagtail.models import Site

from home.addresses.moves import redirect_to_file
from home.models import page_at
from home.querysets import visible
from timeline.embedding.accents import readable
from timeline.exchange.exports import FORMATS, Export
from timeline.models import TimelinePage
from timeline.versions import name_translations, set_validators

DAY = 24 * 3600
YEAR = 365 * DAY


@require_safe
def accent_stylesheet(request, color):
    """Return a stylesheet with a partner's color, made readable on light and dark backgrounds."""
    css = f":root {{ --accent: light-dark({readable(color, 'light')}, {readable(color, 'dark')}); }}\n"
    return asset(css, "text/css", YEAR)


@require_safe
def embed_script(request):
    """Return the script for partners' pages, at a URL that never changes."""
    return asset(Path(finders.find("js/embed.js")).read_text(), "text/javascript", DAY)


def asset(text, content_type, seconds):
    """Return a file that other sites may load and that browsers may cache for this many seconds."""
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response.policy = "file"
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response


@require_safe
def export_events(request, path, extension):
    """
    Return the filtered events of the public timeline at this path as a file, in its language or in `lang`.

    It isn't a route of TimelinePage, since Wagtail's URL pattern for pages doesn't match a dot.
    """
    site = Site.find_for_request(request)
    timeline = site and page_at(site, f"{request.path.rpartition('/')[0]}/")
    if not isinstance(timeline, TimelinePage) or not visible([timeline]):
        if moved := redirect_to_file(request, request.path.rpartition("/")[0], f"events.{extension}"):
            return moved
        raise Http404
    events = timeline.read_filters(request.GET).apply(timeline.events)
    content_type, write = FORMATS[extension]
    asked, own = request.GET.get("lang"), timeline.locale.language_code
    language = asked if asked in dict(settings.LANGUAGES) else own
    with override(language):
        pieces = write(Export(timeline, events, language="" if language == own else language))
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response["Content-Language"] = language
    response.policy = "data"
    response["Content-Disposition"] = f'inline; filename="{timeline.slug}.{extension}"'
    name_translations(response, timeline, f"events.{extension}", request)
    set_validators(response, timeline, events, request.get_full_path())
    return response
