"""Data that forms of the admin send."""

from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from tests.support import factories


def data_of(event, **more):
    rows = {name: inline_formset([]) for name in ("sources", "corrections", "comments")}
    fields = {"title": event.title, "slug": event.slug, "date": "2016", "summary": "A summary."}
    return nested_form_data(
        fields
        | {"category": event.category_id, "verification": "reported", "body": streamfield([])}
        | rows
        | more
    )


def form_of(event, sources=(), **fields):
    """Return the form data of an event."""
    data = {
        "title": event.title if event else "New event",
        "slug": event.slug if event else "new-event",
        "date": "November 29, 2017",
        "end_date": "",
        "category": str(factories.make_category().pk),
        "place": "",
        "summary": "What happened.",
        "verification": "reported",
        "body": streamfield([]),
        "sources": inline_formset([{"title": title} for title in sources]),
        "corrections": inline_formset([]),
        "comments": inline_formset([]),
    }
    return nested_form_data(data) | fields
