"""Where to go on for an address that a page has left."""

from urllib.parse import urlsplit

from django.http import HttpResponsePermanentRedirect
from wagtail.contrib.redirects.middleware import RedirectMiddleware as StockRedirectMiddleware
from wagtail.contrib.redirects.middleware import get_redirect

__all__ = ["RedirectMiddleware", "moved_file"]


class RedirectMiddleware(StockRedirectMiddleware):
    """As Wagtail's, but it keeps what stands after the question mark, and never leads in a circle."""

    def process_response(self, request, response):
        answer = super().process_response(request, response)
        return response if answer is response else led_on(request, answer) or response


def moved_file(request, folder, name):
    """The answer that leads on to a file below a page that has left the address of `folder`, or None."""
    moved = get_redirect(request, folder)
    if moved is None or moved.redirect_page is None or not moved.redirect_page.live:
        return None
    return led_on(request, HttpResponsePermanentRedirect(f"{moved.link.rstrip('/')}/{name}"))


def led_on(request, answer):
    """The answer, for those who come by a frame or a program of a partner too; None if it led back here."""
    target = urlsplit(answer.url)
    # A page that moved back, and then was taken from the site, is at the end of its own redirect.
    if target.path == request.path and target.netloc in ("", request.get_host()):
        return None
    query = request.META.get("QUERY_STRING", "")
    if query and not target.query:
        answer["Location"] = target._replace(query=query).geturl()
    answer.policy = "moved"
    return answer
