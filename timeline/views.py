from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from timeline.accents import readable

DAY = 24 * 3600
YEAR = 365 * DAY


@require_safe
def accent_stylesheet(request, color):
    """The stylesheet of a partner's color, in a form of it that can be read by day and by night."""
    css = f":root {{ --accent: light-dark({readable(color, 'light')}, {readable(color, 'dark')}); }}\n"
    return asset(css, "text/css", YEAR)


@require_safe
def embed_script(request):
    """The script of partners' pages, at an address that never changes."""
    return asset(Path(finders.find("js/embed.js")).read_text(), "text/javascript", DAY)


def asset(text, content_type, seconds):
    """A file that other sites' pages may load, to be kept for so many seconds."""
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response.policy = "file"
    response["Cache-Control"] = f"public, max-age={seconds}"
    return response
