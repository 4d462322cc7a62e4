from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from home.models import NotPublishable


class NotPublishableMiddleware:
    """Tells an editor why something cannot be published, where Wagtail would show an error page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, NotPublishable):
            return None
        home = reverse("wagtailadmin_home")
        if not request.path.startswith(home):
            return None
        reason = " ".join(exception.messages)
        if request.headers.get("x-requested-with") == "XMLHttpRequest" or not request.accepts("text/html"):
            return JsonResponse({"success": False, "error": reason}, status=409)
        messages.error(request, reason)
        back = request.headers.get("Referer", "")
        return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else home)
