"""Redirects from URLs that a page has left."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpResponsePermanentRedirect
from wagtail.contrib.redirects.middleware import RedirectMiddleware as StockRedirectMiddleware

from home.external_links.validation import leads_to_the_admin
from home.privacy import may_read
from home.wagtail_internals import find_redirect

# Below pages. Wagtail makes no redirects for these, of which some pages have hundreds.
ROUTE = re.compile(r"(?P<page>/.+/)(?P<rest>(?:pages|history|cite)/|(?:pages|history)/[\d-]+/)")


class RedirectMiddleware(StockRedirectMiddleware):
    """
    Wagtail's middleware, but it keeps the query string, never redirects in a circle, and doesn't reveal the
    URLs of pages that the visitor may not read.
    """

    def process_response(self, request, response):
        redirect = super().process_response(request, response)
        if redirect is response:
            route = response.status_code == HTTPStatus.NOT_FOUND and ROUTE.fullmatch(request.path)
            return (route and redirect_to_file(request, route["page"], route["rest"])) or response
        page = redirect_page(request)
        if page and not may_read(page, request):
            return response
        return checked(request, redirect) or response


def redirect_to_file(request, folder, name):
    """Return the redirect to a file or a route below a page that has left the path `folder`, or None."""
    moved = find_redirect(request, folder)
    if moved is None or moved.redirect_page is None or not may_read(moved.redirect_page, request):
        return None
    return checked(request, HttpResponsePermanentRedirect(f"{moved.link.rstrip('/')}/{name}"))


def redirect_page(request):
    """Return the page to which the redirect of this URL leads, or None."""
    # Wagtail's middleware finds the redirect in the same way.
    path = request.get_full_path()
    moved = find_redirect(request, path) or find_redirect(request, urlsplit(path).path)
    return moved and moved.redirect_page


def checked(request, redirect):
    """Return a redirect with the query string; None if it leads to its own URL or into the admin."""
    target = urlsplit(redirect.url)
    if leads_to_the_admin(redirect.url):
        return None
    # The redirect of a page that moved back leads to itself once the page is unpublished.
    if target.path == request.path and target.netloc in ("", request.get_host()):
        return None
    query = request.META.get("QUERY_STRING", "")
    if query and not target.query:
        redirect["Location"] = target._replace(query=query).geturl()
    redirect.policy = "moved"  # For partners' frames and programs.
    return redirect
