"""The page where partners choose what to show on their own sites, preview it, and copy the code."""

from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from timeline.embedding.options import EmbedOptions
from timeline.parameters import FILTERS, LAYOUTS, LEVELS, ORDERS, SLUG_FILTERS, THEMES

# Pixels. A plain frame doesn't adapt to its events.
HEIGHT = 600
LABELS = {
    "list": _("List: everything about each event"),
    "compact": _("Compact: dates and titles"),
    "axis": _("Axis: the events drawn to scale, with the list below"),
    "auto": _("Same as the reader's device"),
    "light": _("Light"),
    "dark": _("Dark"),
    "oldest": _("Oldest first"),
    "newest": _("Newest first"),
    "2": _("Second level: below the title of your page"),
    "3": _("Third level: below a heading of your page"),
    "4": _("Fourth level"),
}


def labeled(values):
    return [(value, LABELS[value]) for value in values]


def iframe(src, page, width, height):
    """Return the tag for a frame, with a link to the page as its fallback."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" referrerpolicy="no-referrer">'
        '<a href="{}">{}</a></iframe>',
        *(src, page.title, width, height, page.full_url, page.title),
    )


class EmbedForm(forms.Form):
    """The form with the options. It is always valid: invalid values are left out before it is filled in."""

    category = forms.MultipleChoiceField(label=_("Category"), widget=forms.CheckboxSelectMultiple)
    concern = forms.MultipleChoiceField(label=_("Concern"), widget=forms.CheckboxSelectMultiple)
    partner = forms.MultipleChoiceField(label=_("Partner"), widget=forms.CheckboxSelectMultiple)
    year = forms.CharField(label=_("Year or years"), help_text=_("2018 or 2017-2019"))
    q = forms.CharField(label=_("Words"))
    limit = forms.IntegerField(label=_("Maximum number of events"), min_value=1, max_value=9999)
    order = forms.ChoiceField(label=_("Order"), choices=labeled(ORDERS))
    layout = forms.ChoiceField(label=_("Layout"), choices=labeled(LAYOUTS))
    theme = forms.ChoiceField(label=_("Light or dark"), choices=labeled(THEMES))
    accent = forms.CharField(
        label=_("Color"),
        help_text=_("Six digits, such as 335577. It is made darker or lighter if it would be hard to read."),
        max_length=7,
    )
    heading = forms.ChoiceField(label=_("Heading"), choices=labeled(LEVELS))
    lang = forms.ChoiceField(
        label=_("Language"),
        help_text=_("Events that are not translated are shown as they are, and say so."),
    )
    event = forms.ChoiceField(
        label=_("Open at an event"), help_text=_("The frame then keeps its height and scrolls.")
    )

    # The fieldsets of the page.
    groups = (
        (_("Which events"), ("category", "concern", "partner", "year", "q", "limit", "order")),
        (_("How it looks"), ("layout", "theme", "accent", "heading", "lang", "event")),
    )

    def __init__(self, values, choices, events):
        """
        Take the chosen values by field, the choices of `EventFilters`, and the events that match.

        If there are too many events for a list, `events` is None, and the slug of one is typed.
        """
        super().__init__(initial=values)
        for name in SLUG_FILTERS:
            self.fields[name].choices = [(choice.slug, choice.title) for choice in choices[name]]
            if not self.fields[name].choices:
                del self.fields[name]
        self.fields["lang"].choices = [(code, capfirst(name)) for code, name in settings.LANGUAGES]
        if events is None:
            self.fields["event"] = forms.CharField(
                label=_("Open at an event"),
                help_text=_("The last part of its address. The frame then keeps its height and scrolls."),
            )
        else:
            self.fields["event"].choices = [("", _("No event in particular"))] + [
                (event.slug, f"{event.when}: {event.title}") for event in events
            ]
        for field in self.fields.values():
            field.required = False

    @property
    def fieldsets(self):
        """Pairs of a legend and fields."""
        return [
            (legend, [self[name] for name in names if name in self.fields]) for legend, names in self.groups
        ]


class Builder:
    """The options that a partner has chosen, and the code for them."""

    def __init__(self, parameters, timeline):
        self.timeline = timeline
        self.options = EmbedOptions(parameters, timeline)
        left_out = [*self.options.ignored, *self.options.unknown]
        if self.options.unknown:
            known = parameters.copy()
            for name in self.options.unknown:
                del known[name]
            self.options = EmbedOptions(known, timeline)
        windows = self.options.windows
        shown = windows.shown.only("slug", "title", "date", "end_date")
        events = None if windows.are_several else shown
        self.event = self.options.event
        if self.event and windows.query_at(self.event) is None:
            self.event = None
            left_out.append("event")
        self.are_known = not left_out
        # The URL of the timeline, and the origin of this site, as in a content security policy.
        self.address, self.site = timeline.full_url, timeline.get_site().root_url
        # The timeline in the chosen language, for its title and the link to it.
        self.place = timeline.in_language(self.options.language)
        self.values = self._values()
        self.form = EmbedForm(self.values, self.options.filters.choices, events)
        # The labels of the fields with invalid values.
        self.ignored = [
            self.form.fields[name].label for name in dict.fromkeys(left_out) if name in self.form.fields
        ]

    def _values(self):
        options, filters = self.options, self.options.filters
        return {
            "category": [category.slug for category in filters.categories],
            "concern": [concern.slug for concern in filters.concerns],
            "partner": [partner.slug for partner in filters.partners],
            "year": filters.year,
            "q": filters.q,
            "order": filters.order,
            "limit": options.limit,
            "layout": options.layout,
            "theme": options.theme,
            "accent": options.accent,
            "heading": str(options.level),
            "lang": options.language,
            "event": self.event.slug if self.event else "",
        }

    @property
    def chosen(self):
        """Pairs of an option and its value. Defaults are left out."""
        pairs = []
        for name, value in self.values.items():
            pairs += [(name, each) for each in (value if isinstance(value, list) else [value])]
        defaults = {"order": ORDERS[0], "layout": LAYOUTS[0], "theme": THEMES[0], "heading": LEVELS[0]}
        defaults["lang"] = self.timeline.locale.language_code
        return [(name, value) for name, value in pairs if value and value != defaults.get(name)]

    @property
    def frame(self):
        """The URL of the embed."""
        return self._with_query("embed/", self.chosen)

    @property
    def preview(self):
        """The URL of the embed, relative to this site."""
        return self.frame.removeprefix(self.site)

    @property
    def page(self):
        """The URL of the timeline with the same filters and language."""
        return self._with_query(
            "", [(name, value) for name, value in self.chosen if name in (*FILTERS, "lang")]
        )

    @property
    def script(self):
        """The script tag for a frame that adapts its height to its events."""
        values = {}
        for name, value in self.chosen:
            values[name] = f"{values[name]} {value}" if name in values else value
        attributes = format_html_join("", ' data-{}="{}"', values.items())
        return format_html(
            '<script src="{}/embed.js" data-timeline="{}" data-title="{}"{} async></script>',
            self.site,
            self.address,
            self.place.title,
            attributes,
        )

    @property
    def iframe(self):
        """The tag for a frame without a script."""
        return iframe(self.frame, self.place, "100%", HEIGHT)

    def _with_query(self, path, pairs):
        return f"{self.address}{path}{'?' if pairs else ''}{urlencode(pairs)}"
