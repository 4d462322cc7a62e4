"""A warning that an event may be there already: while it is written, and when it is saved."""

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
from home.dates.values import DateParseError, parse
from timeline.models import EventPage

MOST = 3


def like(title, date, end_date, user, place=None):
    """
    The events, a few at most, that the user may see and that may be the one with this title and date.

    :param place: the event itself, or the page below which it is written. Events in another language are told
        of what they translate, and are no repetitions.
    """
    others = EventPage.objects.visible_to(user)
    if place:
        others = others.filter(locale=place.locale_id).exclude(translation_key=place.translation_key)
    return others.that_may_be(title, date, end_date)[:MOST]


def place_of(given):
    """The page that a form is for, or the one below which it adds an event; None if neither is known."""
    numbers = [number for name in ("pk", "parent") if NUMBER.fullmatch(number := given.get(name, ""))]
    return Page.objects.filter(pk=numbers[0]).first() if numbers else None


def warning(count):
    return ngettext(
        "This event may be there already. Please look, and keep one of them:",
        "This event may be there already, more than once. Please look, and keep one of them:",
        count,
    )


def address(event, user):
    """Where the user looks at the event: in the editor if possible."""
    if event.permissions_for_user(user).can_edit():
        return reverse("wagtailadmin_pages:edit", args=[event.pk])
    return event.url


@require_safe
def like_events(request):
    """The warning for what stands in the form; without words, there is nothing to warn of."""
    given = request.GET
    try:
        date = parse(given.get("date", ""))
        end = parse(given["end_date"]) if given.get("end_date") else None
    except DateParseError:
        return JsonResponse({"words": "", "events": []})
    found = like(given.get("title", ""), date, end, request.user, place_of(given))
    return JsonResponse(
        {
            "words": warning(len(found)) if found else "",
            "events": [
                {
                    "title": event.title,
                    "more": f"{event.when}, {event.status_string}",
                    "url": address(event, request.user),
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
    """Saving by itself, as one writes, stays silent: the form warns."""
    if not isinstance(page, EventPage) or not page.date or not request.accepts("text/html"):
        return
    if found := like(page.title, page.date, page.end_date, request.user, page):
        links = format_html_join(
            ", ",
            '<a href="{}">{}</a> ({})',
            ((address(event, request.user), event.title, event.when) for event in found),
        )
        messages.warning(request, format_html("{} {}", warning(len(found)), links))


@hooks.register("insert_editor_js")
def warn_in_the_form():
    return format_html('<script src="{}"></script>', versioned_static("site_admin/like_events.js"))
