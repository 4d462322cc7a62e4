from django.contrib import messages
from django.db.models import ProtectedError
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext

from home.models import NotPublishable


class RefusalMiddleware:
    """Tells an editor why something is not published or deleted, where Wagtail would show an error page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        reason = reason_of(exception)
        if reason is None:
            return None
        home = reverse("wagtailadmin_home")
        if not request.path.startswith(home):
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest" or not request.accepts("text/html"):
            return JsonResponse({"success": False, "error": reason}, status=409)
        messages.error(request, reason)
        back = request.headers.get("Referer", "")
        return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else home)


def reason_of(exception):
    """What to tell an editor; None for an error that is none of hers. Names of drafts are not told."""
    if isinstance(exception, NotPublishable):
        return " ".join(exception.messages)
    if isinstance(exception, ProtectedError):
        count = len(exception.protected_objects)
        return ngettext(
            "Nothing was deleted: it is still used in %(count)d place. Change that first.",
            "Nothing was deleted: it is still used in %(count)d places. Change them first.",
            count,
        ) % {"count": count}
    return None
