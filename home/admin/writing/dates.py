"""Feedback on a date while the editor types it."""

import re

from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin import messages

from home.content_checks.problem import date_problems
from home.dates.parsing import order_matters, parse
from home.dates.values import DateParseError, for_people
from home.models import BasePage

NUMBERS = re.compile(r"\D*\d+/\d+/")


@require_safe
def read_date(request):
    """Return how visitors will see the date, or why it cannot be read."""
    text = request.GET.get("text", "")
    try:
        date = parse(text)
        words = _("Visitors will see: %(date)s.") % {"date": for_people(date)}
        is_date = True
        is_to_come = date.is_to_come
    except DateParseError as error:
        words = str(error)
        is_date = is_to_come = False
    if order_matters(text) if is_date else NUMBERS.match(text):
        order = _("Numbers are read month first.")
        words = f"{words} {order}"
    if is_to_come:
        question = _("This is still to come. Is that right?")
        words = f"{words} {question}"
    return JsonResponse({"is_date": is_date, "is_to_come": is_to_come, "words": words})


@hooks.register("register_admin_urls")
def read_date_url():
    return [path("read-date/", read_date, name="read_date")]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def ask_about_dates_to_come(request, page):
    """Ask after a normal save. During autosave, the form asks."""
    if isinstance(page, BasePage) and request.accepts("text/html"):
        for problem in date_problems(page):
            messages.warning(request, problem.words)
