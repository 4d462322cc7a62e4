from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from wagtail import hooks
from wagtail.models import Page

from home.graphics.cover_images import cover_picture
from home.models import BasePage, ContactPage
from home.privacy import may_read
from home.querysets import BasePageQuerySet
from home.seo.structured_data import site_name
from home.text import clean_line

# Seconds for which other sites may show a cover whose page has another title by now.
COVER_AGE = 24 * 3600
# What a browser says of a request that this site's own page made, or that a person typed.
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
    Take a message from a contact page: store it, then thank. The form comes back as it was typed if something
    is wrong with it (422) or if another site sent it (403).

    Exempt from the token, which needs a cookie; who sends is read from what the browser says of itself.
    """
    page = get_object_or_404(ContactPage, pk=page_id)
    if not may_read(page, request):
        raise Http404
    if request.method != "POST":
        return redirect(page.get_url(request))
    form = page.get_form(request.POST, page=page)
    if not is_from_here(request):
        form.add_error(
            None, _("Your browser says that this came from another site. Please send it from here.")
        )
        return page.render_form(request, form, status=403)
    if not form.is_valid():
        return page.render_form(request, form, status=422)
    page.process_form_submission(form)
    response = HttpResponseRedirect(page.get_url(request) + page.reverse_subpage("thanks"), status=303)
    response.policy = page.policy
    return response


def is_from_here(request):
    """Whether the browser says, where it says anything, that one of our own pages sent the request."""
    origin = request.headers.get("Origin")
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if origin == "null":
        # Browsers set to tell nobody where they come from say this of our own pages too.
        return fetch_site == "same-origin"
    return origin in (None, f"{request.scheme}://{request.get_host()}") and (
        fetch_site is None or fetch_site in OWN_FETCH_SITES
    )


def cover(request, page_id):
    """The cover of a page that anybody may see, as a PNG for whoever shares its link."""
    page = get_object_or_404(BasePageQuerySet(Page).for_visitors(), pk=page_id).specific
    if not isinstance(page, BasePage):
        raise Http404
    if request.GET or request.path != reverse("cover", args=[page_id]):
        # Other addresses of the same picture, such as /cover/0005.png, are not drawn or cached.
        return redirect("cover", page_id)
    picture = cover_picture(page.patchwork, clean_line(page.title), clean_line(site_name(request)))
    response = HttpResponse(picture, content_type="image/png")
    response.policy = "file"
    response["Cache-Control"] = f"public, max-age={COVER_AGE}"
    return response
