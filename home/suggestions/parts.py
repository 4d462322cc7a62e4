"""The form for suggestions, and the fields that a suggestion changes."""

import json
from functools import lru_cache

from django.utils.functional import cached_property
from wagtail.admin.panels import TabbedInterface
from wagtail.fields import StreamField

from home.suggestions.merging import is_same, merge


class SuggestionForm:
    """The form of a page as it was, even if some of its rows have been deleted since."""

    renews_deleted_rows = False

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        for name in (*instance.internal_fields, "translation_answer", "machine_read"):
            self.fields.pop(name, None)
        for formset in self.formsets.values():
            name = formset.model._meta.pk.name
            for row in formset.initial_forms:
                # By default, Django looks for the rows in the database.
                row.fields[name].queryset, row.fields[name].to_field_name = formset.get_queryset(), name


@lru_cache
def edit_handler(page_class):
    """Return the tabs of a page's form, without the settings."""
    form_class = type("SuggestionForm", (SuggestionForm, page_class.base_form_class), {})
    return TabbedInterface(page_class.content_tabs, base_form_class=form_class).bind_to_model(page_class)


class Part:
    """
    A field that a suggestion changes.

    :param comparison: Wagtail's comparison of two pages in this field.
    :param old: the page that the author saw; `theirs` is the suggested page and `ours` the latest draft.
    """

    def __init__(self, comparison, old, theirs, ours):
        self.change = comparison(old, theirs)
        self.since = comparison(old, ours)
        field = self.change.field
        self.name = field.get_accessor_name() if self.change.is_child_relation else field.name
        self.is_stream = isinstance(field, StreamField)
        self.old, self.theirs, self.ours = (self.value_of(page) for page in (old, theirs, ours))

    def value_of(self, page):
        value = page.serializable_data()[self.name]
        return json.loads(value) if self.is_stream else value

    @property
    def label(self):
        return self.change.field_label()

    @property
    def is_changed(self):
        return not is_same(self.old, self.theirs)

    @property
    def is_done(self):
        """Whether the latest draft already says so."""
        return is_same(self.ours, self.theirs)

    @property
    def is_changed_since(self):
        return not is_same(self.old, self.ours)

    @property
    def is_conflict(self):
        """Whether somebody else has changed the same since."""
        return self._merged[1]

    @property
    def merged(self):
        """The field of the latest draft with the suggested change, for the content of a revision."""
        return json.dumps(self._merged[0]) if self.is_stream else self._merged[0]

    @cached_property
    def _merged(self):
        return merge(self.old, self.ours, self.theirs)


def parts_of(old, theirs, ours, request):
    """Return what a suggestion changes, in the order of the form."""
    panel = edit_handler(type(theirs)).get_bound_panel(instance=theirs, request=request, form=None)
    parts = [Part(comparison, old, theirs, ours) for comparison in panel.get_comparison()]
    return [part for part in parts if part.is_changed]
