import errno
import json
import logging
import traceback

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import InvalidPage
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError
from django.http import Http404, HttpResponseBadRequest, JsonResponse, UnreadablePostError
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.defaults import page_not_found

from home.content_checks.obstacles import NotPublishable
from home.files.errors import StoreAway
from home.text import clean_text, is_clean

logger = logging.getLogger(__name__)

# Wagtail's views that fail on requests other than those that its own forms and scripts send.
TRUSTING = {
    "process_import",
    "set_page_position",
    "wagtailadmin_choose_page_chosen_multiple",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_dismissibles",
}
# The field with a moderator's comment.
REVIEW = "workflow-action-extra-data"


class TextMiddleware:
    """Clean the texts of forms and query strings, and answer 404 to paths with control characters."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_clean(request.path_info):
            raise Http404
        request.GET = cleaned(request.GET)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST":
            try:
                request.POST = cleaned(request.POST)
            except UnreadablePostError:
                # The client has disconnected. The view gets an empty form.
                return
            except (TypeError, ValueError) as error:
                # Python cannot read the headers of a part.
                raise BadRequest("A form cannot be read.") from error


def cleaned(query):
    """Return the QueryDict, or a copy with its texts cleaned."""
    if all(is_clean(name) and all(map(is_clean, values)) for name, values in query.lists()):
        return query
    clean = query.__class__(mutable=True, encoding=query.encoding)
    for name, values in query.lists():
        clean.setlist(clean_text(name), list(map(clean_text, values)))
    clean._mutable = False
    return clean


class BadRequestMiddleware(MiddlewareMixin):
    """Answer 404 or 400 instead of 500 to malformed requests, which no link or form of the site sends."""

    def process_exception(self, request, exception):
        if not is_fault_of(request, exception):
            return None
        logger.warning("A request cannot be answered.", exc_info=exception, extra={"request": request})
        if request.method in ("GET", "HEAD"):
            return page_not_found(request, exception)
        # leadwatch.middleware.ErrorPageMiddleware adds the text.
        return HttpResponseBadRequest()


def is_fault_of(request, exception):
    if isinstance(exception, BadRequest | DataError | InvalidPage | MultiValueDictKeyError):
        return True
    if isinstance(exception, OverflowError):
        # A number that is too large for its column. SQLite has no error of its own for it.
        return "too large" in str(exception)
    if request.resolver_match and request.resolver_match.url_name in TRUSTING:
        return isinstance(
            exception, AttributeError | LookupError | NoReverseMatch | RecursionError | TypeError | ValueError
        )
    if isinstance(exception, json.JSONDecodeError):
        return exception.doc in sent_texts(request)
    if REVIEW in request.POST and not is_review(request.POST[REVIEW]):
        return True
    if isinstance(exception, OSError):
        return exception.errno == errno.ENAMETOOLONG
    if isinstance(exception, ValueError) and module_of(exception) == "urllib.parse":
        return any("//" in text for text in sent_texts(request))
    # Wagtail passes on keys and URLs as they were sent, and the error quotes them.
    return isinstance(exception, ValueError | NoReverseMatch) and any(
        repr(text) in str(exception) or f"'{text}'" in str(exception) for text in sent_texts(request)
    )


def is_review(text):
    """Return whether a text is the JSON that a review form sends: a comment."""
    try:
        data = json.loads(text)
    except (RecursionError, ValueError):
        return False
    is_comment = isinstance(data, dict) and data.keys() <= {"comment"}
    return is_comment and all(isinstance(text, str) for text in data.values())


def module_of(exception):
    frames = [frame for frame, _line in traceback.walk_tb(exception.__traceback__)]
    return frames[-1].f_globals.get("__name__") if frames else None


def sent_texts(request):
    for query in (request.GET, request.POST):
        for _name, texts in query.lists():
            yield from texts
            # Form fields strip texts.
            yield from map(str.strip, texts)
    # Skip the numbers in a path, since any error may contain them.
    match = request.resolver_match
    yield from (value for value in (*match.args, *match.kwargs.values()) if isinstance(value, str))


class RefusalMiddleware(MiddlewareMixin):
    """Tell an editor why something is not published or deleted, where Wagtail would show an error page."""

    def process_exception(self, request, exception):
        reason = reason_of(exception)
        if reason is None:
            return None
        home = reverse("wagtailadmin_home")
        is_reading = request.method in ("GET", "HEAD")
        if not request.path.startswith(home) or (is_reading and isinstance(exception, StoreAway)):
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest" or not request.accepts("text/html"):
            return JsonResponse({"success": False, "error": reason}, status=409)
        messages.error(request, reason)
        back = request.headers.get("Referer", "")
        return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else home)


def reason_of(exception):
    """Return the message for an editor, or None for other errors. It doesn't name drafts."""
    if isinstance(exception, NotPublishable):
        return " ".join(exception.messages)
    if isinstance(exception, OSError) and exception.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The server’s disk is full, so nothing was stored. Tell the person who runs the site.")
    if isinstance(exception, StoreAway):
        return _(
            "The place where the site keeps images and files does not answer, so nothing was changed. "
            "Try again in a few minutes."
        )
    # Forms check what must be unique, but two at once don't see each other.
    if isinstance(exception, IntegrityError) and "unique" in str(exception).lower():
        return _("The same was saved just before, so this was not saved. Look at it before you try again.")
    if isinstance(exception, ProtectedError):
        count = len(exception.protected_objects)
        return ngettext(
            "Nothing was deleted: it is still used in %(count)d place. Change that first.",
            "Nothing was deleted: it is still used in %(count)d places. Change them first.",
            count,
        ) % {"count": count}
    return None
