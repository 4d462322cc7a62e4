"""Feedback on a date while the editor types it."""

import re

from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail import hooks

from home.dates.parsing import order_matters, parse
from home.dates.values import DateParseError, for_people

NUMBERS = re.compile(r"\D*\d+/\d+/")


@require_safe
def read_date(request):
    """Return how visitors will see the date, or why it cannot be read."""
    text = request.GET.get("text", "")
    try:
        words = _("Visitors will see: %(date)s.") % {"date": for_people(parse(text))}
        is_date = True
    except DateParseError as error:
        words = str(error)
        is_date = False
    if order_matters(text) if is_date else NUMBERS.match(text):
        order = _("Numbers are read month first.")
        words = f"{words} {order}"
    return JsonResponse({"is_date": is_date, "words": words})


@hooks.register("register_admin_urls")
def read_date_url():
    return [path("read-date/", read_date, name="read_date")]
