import logging

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from wagtail import hooks
from wagtail.models import Page

from home.floods.rules import receive
from home.graphics.cover_images import cover_image
from home.models import BasePage, ContactPage
from home.privacy import may_read
from home.querysets import BasePageQuerySet
from home.sealing.files import SealingError
from home.seo.structured_data import site_name
from home.text import clean_line

logger = logging.getLogger(__name__)

# Seconds for which a cover may be cached. It shows the page's title, which may change.
# The values of Sec-Fetch-Site for requests from the site's own pages, or typed by a person.
OWN_FETCH_SITES = {"same-origin", "none"}


@hooks.register("on_serve_page")
def serve_under_policy(serve):
    """Serve the routes of our pages in the language of the address only, and under the page's policy."""

    def serve_page(page, request, args, kwargs):
        if not isinstance(page, BasePage):
            return serve(page, request, args, kwargs)
        # Wagtail answers /es/about/ with the English page as long as there is no Spanish one.
        if page.locale.language_code != get_language():
            raise Http404
        response = serve(page, request, args, kwargs)
        # A route of the page may have set its own policy.
        response.policy = getattr(response, "policy", page.policy)
        if page.last_published_at and response.status_code == 200 and not response.has_header("ETag"):
            response["Last-Modified"] = http_date(page.last_published_at.timestamp())
        return response

    return serve_page


@csrf_exempt
def contact_message(request, page_id):
    """
    Store a message from a contact page, then redirect to the page with thanks. Return the form with errors if
    it is invalid or has to wait (422), if another site sent it (403), or if it can't be encrypted (503).

    Django's protection against cross-site requests needs a cookie, so check the browser's headers instead.
    """
    page = get_object_or_404(ContactPage, pk=page_id)
    if not may_read(page, request):
        raise Http404
    if request.method != "POST":
        return redirect(page.get_url(request))
    form = page.get_form(request.POST, page=page)
    if not is_same_origin(request):
        form.add_error(
            None, _("Your browser says that this came from another site. Please send it from here.")
        )
        return page.render_form(request, form, status=403)
    try:
        if not form.is_valid() or not receive(page, form):
            return page.render_form(request, form, status=422)
    except SealingError as error:
        logger.error("A message could not be sealed (%s), so it was not stored.", error)
        form.add_error(
            None,
            _(
                "Your message could not be encrypted, so it was not stored. Please try again later, "
                "or use another way to reach us. Your text is still in the form."
            ),
        )
        return page.render_form(request, form, status=503)
    response = HttpResponseRedirect(page.get_url(request) + page.reverse_subpage("thanks"), status=303)
    response.policy = page.policy
    return response


def is_same_origin(request):
    """Return whether the request's headers, if there are any, say that one of our own pages sent it."""
    origin = request.headers.get("Origin")
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if origin == "null":
        # Some privacy settings make browsers send this for our own pages, too.
        return fetch_site == "same-origin"
    return origin in (None, f"{request.scheme}://{request.get_host()}") and (
        fetch_site is None or fetch_site in OWN_FETCH_SITES
    )


def cover(request, page_id):
    """Serve the cover of a public page as a PNG, for sites that show its link."""
    page = get_object_or_404(BasePageQuerySet(Page).for_visitors(), pk=page_id).specific
    if not isinstance(page, BasePage):
        raise Http404
    if request.GET or request.path != reverse("cover", args=[page_id]):
        # Don't draw or cache the same image for other URLs, such as /cover/0005.png.
        return redirect("cover", page_id)
    image = cover_image(page.patchwork, clean_line(page.title), clean_line(site_name(request)))
    response = HttpResponse(image, content_type="image/png")
    response.policy = "file"
    return response
