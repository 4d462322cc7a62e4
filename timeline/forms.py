"""The editors' form of events."""

from django.db.models import Q

from home.forms.pages import BasePageForm


class EventPageForm(BasePageForm):
    """Offers categories, concerns and partners in the language of the event, and those chosen before."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        event = self.instance
        # Wagtail previews a new event without a language. A form can be without a page above it, too.
        locale_id = event.locale_id or getattr(self.parent_page, "locale_id", None)
        chosen = {
            "category": [event.category_id],
            "concerns": [concern.pk for concern in event.concerns.all()],
            "partners": [partner.pk for partner in event.partners.all()],
        }
        for name in chosen.keys() & self.fields.keys():
            field = self.fields[name]
            field.queryset = field.queryset.filter(Q(locale=locale_id) | Q(pk__in=chosen[name]))
