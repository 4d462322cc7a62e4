"""A warning about possible duplicates of an event, while it is typed and when it is saved."""

from django.http import JsonResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page

from home.blocks.page_links import NUMBER
from home.dates.parsing import parse
from home.dates.values import DateParseError
from timeline.models import EventPage

MOST = 3


def possible_duplicates(title, date, end_date, user, place=None):
    """
    Return up to `MOST` events that the user may see and that may be the same as the one described.

    :param place: the event itself, or the parent of a new event. Events in other languages are not
        duplicates.
    """
    others = EventPage.objects.visible_to(user)
    if place:
        others = others.filter(locale=place.locale_id).exclude(translation_key=place.translation_key)
    return others.that_may_be(title, date, end_date)[:MOST]


def place_of(given):
    """Return the page that a form edits, or the parent of the page that it adds; None if neither is known."""
    numbers = [number for name in ("pk", "parent") if NUMBER.fullmatch(number := given.get(name, ""))]
    return Page.objects.filter(pk=numbers[0]).first() if numbers else None


def warning(count):
    return ngettext(
        "This event may already exist. Please check, and keep only one of them:",
        "This event may already exist more than once. Please check, and keep only one of them:",
        count,
    )


def url_for(event, user):
    """Return the URL of the event's form, or of the event itself if the user may not edit it."""
    if event.permissions_for_user(user).can_edit():
        return reverse("wagtailadmin_pages:edit", args=[event.pk])
    return event.url


@require_safe
def like_events(request):
    """Return the warning for the values of a form; its text is empty if there are no duplicates."""
    given = request.GET
    try:
        date = parse(given.get("date", ""))
        end = parse(given["end_date"]) if given.get("end_date") else None
    except DateParseError:
        return JsonResponse({"words": "", "events": []})
    found = possible_duplicates(given.get("title", ""), date, end, request.user, place_of(given))
    return JsonResponse(
        {
            "words": warning(len(found)) if found else "",
            "events": [
                {
                    "title": event.title,
                    "more": f"{event.when}, {event.status_string}",
                    "url": url_for(event, request.user),
                }
                for event in found
            ],
        }
    )


@hooks.register("register_admin_urls")
def like_events_url():
    return [path("like-events/", like_events, name="like_events")]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_of_duplicates(request, page):
    """Warn after a normal save. During autosave, the form shows the warning."""
    if not isinstance(page, EventPage) or not page.date or not request.accepts("text/html"):
        return
    if found := possible_duplicates(page.title, page.date, page.end_date, request.user, page):
        links = format_html_join(
            ", ",
            '<a href="{}">{}</a> ({})',
            ((url_for(event, request.user), event.title, event.when) for event in found),
        )
        messages.warning(request, format_html("{} {}", warning(len(found)), links))


@hooks.register("insert_editor_js")
def duplicates_script():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/like_events.js"))
