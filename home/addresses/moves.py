"""Where to go on for an address that a page has left."""

from urllib.parse import urlsplit

from django.http import HttpResponsePermanentRedirect
from wagtail.contrib.redirects.middleware import RedirectMiddleware as StockRedirectMiddleware
from wagtail.contrib.redirects.middleware import get_redirect
from wagtail.contrib.redirects.models import Redirect

from home.external_links.validation import leads_to_the_admin
from home.privacy import may_read

__all__ = ["RedirectMiddleware", "moved_file"]


class RedirectMiddleware(StockRedirectMiddleware):
    """
    Wagtail's middleware, but it keeps the query string, never redirects in a circle, and tells nobody the
    address of a page that they may not read.
    """

    def process_response(self, request, response):
        answer = super().process_response(request, response)
        if answer is response:
            return response
        page = page_of(request)
        if page and not may_read(page, request):
            return response
        return led_on(request, answer) or response


def moved_file(request, folder, name):
    """The answer that leads on to a file below a page that has left the address of `folder`, or None."""
    moved = get_redirect(request, folder)
    if moved is None or moved.redirect_page is None or not may_read(moved.redirect_page, request):
        return None
    return led_on(request, HttpResponsePermanentRedirect(f"{moved.link.rstrip('/')}/{name}"))


def page_of(request):
    """Return the page to which the redirect of this address leads, or None."""
    # Wagtail's middleware looks for it in the same way.
    path = Redirect.normalise_path(request.get_full_path(), decode_unicode=False)
    moved = get_redirect(request, path) or get_redirect(request, urlsplit(path).path)
    return moved and moved.redirect_page


def led_on(request, answer):
    """
    The answer, for those who come by a frame or a program of a partner too; None if it led back here, or into
    the admin.
    """
    target = urlsplit(answer.url)
    if leads_to_the_admin(answer.url):
        return None
    # A page that moved back, and then was taken from the site, is at the end of its own redirect.
    if target.path == request.path and target.netloc in ("", request.get_host()):
        return None
    query = request.META.get("QUERY_STRING", "")
    if query and not target.query:
        answer["Location"] = target._replace(query=query).geturl()
    answer.policy = "moved"
    return answer
