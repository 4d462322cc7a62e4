"""The form for several numbers of a figure with the same time: the time once, and a number for each group."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.admin.number_sets import times
from home.admin.number_sets.fields import NumberField, in_digits
from home.models import Figure, FigureValue

NEW_GROUPS = 3
MOST_ROWS = 200


def group_key(group):
    """Return the name of a group without differences in case and spaces."""
    return " ".join(group.split()).casefold()


class RowForm(forms.Form):
    """A group and its number. `was` is the number that the form showed."""

    group = forms.CharField(label=gettext_lazy("Another group"), max_length=100, required=False)
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, figure, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"] = NumberField(label=_("Number"), required=False, unit=figure.unit)
        self.fields["value"].widget.attrs["inputmode"] = "decimal"
        group = group_key(self["group"].value() or "")
        self.is_known = group in known
        if self.is_known:
            self.fields["group"].widget = forms.HiddenInput()
            self.fields["value"].label = known[group] or (_("Total") if len(known) > 1 else _("Number"))

    def clean(self):
        data = super().clean()
        group, value = data.get("group"), data.get("value")
        if "value" in data and value is None and group and not self.is_known:
            self.add_error("value", _("Enter the number of this group, or leave the group empty too."))
        if value is not None and not self.is_known and not group:
            self.add_error("group", _("Enter the group that this number is for."))
        return data

    def show(self, number):
        self.now = in_digits(number)


class NumberSetForm(forms.ModelForm):
    """
    The time of the numbers, and a row for each group.

    A stored number is only changed if the form had shown it. Otherwise it is shown first.
    """

    class Meta:
        model = FigureValue
        fields = times.FIELDS
        help_texts = {
            "period_start": gettext_lazy(
                "The period that the numbers cover: January 2018, 2018, or July 1, 2018."
            ),
            "period_end": gettext_lazy("Only if the period is longer: December 2018."),
            "published": gettext_lazy("When the numbers were published or the money was awarded."),
        }

    def __init__(self, figure, data=None, initial=None):
        """Take a Figure as its latest draft has it, and the time whose numbers to show."""
        super().__init__(data, initial=initial)
        self.figure = figure
        self.stored = list(figure.values.all())
        is_whole = figure.breakdown == Figure.Breakdown.NONE
        groups = [number.group for number in self.stored] or ([""] if is_whole else [])
        self.known = {}
        for group in groups:
            self.known.setdefault(group_key(group), group)
        rows = forms.formset_factory(
            RowForm,
            # A figure without a breakdown has no other groups.
            extra=0 if list(self.known) == [""] and is_whole else NEW_GROUPS,
            max_num=MOST_ROWS,
            absolute_max=MOST_ROWS,
        )
        shown = [self.shown(group, initial or {}) for group in self.known]
        self.rows = rows(
            data,
            prefix="rows",
            form_kwargs={"figure": figure, "known": self.known},
            initial=[
                {"group": group, "value": in_digits(number and number.value)}
                for group, number in zip(self.known.values(), shown, strict=True)
            ],
        )
        for place, row in enumerate(self.rows):
            row.now = row["was"].value() or ""
            if data is None and place < len(shown) and shown[place]:
                row.show(shown[place].value)

    def shown(self, group, time):
        """Return the stored number for a group and a time; None if there is none or more than one."""
        try:
            return self.find(group, time)
        except ValidationError:
            return None

    def find(self, group, time):
        """Return the stored number of a group and a time, or None. Raises ValidationError for several."""
        start, end, published = (time.get(name) for name in times.FIELDS)
        if not start and not published:
            return None
        found = [
            number
            for number in self.stored
            if group_key(number.group) == group
            and (number.period_start, number.period_end or number.period_start) == (start, end or start)
            and (start or number.published == published)
        ]
        if len(found) > 1:
            found = [number for number in found if number.published == published]
            if len(found) != 1:
                raise ValidationError(
                    _("This group has several numbers for this time. Change them in the figure's own form.")
                )
        return found[0] if found else None

    @property
    def sets(self):
        """Return the label and query string of each time that has numbers."""
        by_time = {
            (number.period_start, number.period_end, number.published): number for number in self.stored
        }
        return [
            (words, times.as_query(number))
            for number in by_time.values()
            if (words := times.in_words(number))
        ]

    def clean(self):
        data = super().clean()
        if not self.errors and not data["period_start"] and not data["period_end"] and not data["published"]:
            self.add_error("period_start", _("Enter the period of the numbers, or when they were published."))
        return data

    def is_valid(self):
        if not all([super().is_valid(), self.rows.is_valid()]):
            return False
        filled = [row for row in self.rows if row.cleaned_data.get("value") is not None]
        if not filled:
            self.add_error(None, _("Enter at least one number."))
        self.changes = []
        seen = set()
        for row in filled:
            self.match(row, seen)
        return not self.errors and not any(row.errors for row in self.rows)

    def match(self, row, seen):
        """Add what a row would change to `changes`, or add an error to the row."""
        typed, value = " ".join(row.cleaned_data["group"].split()), row.cleaned_data["value"]
        group = group_key(typed)
        if group in seen:
            row.add_error("value" if row.is_known else "group", _("This group is listed twice."))
            return
        seen.add(group)
        try:
            stored = self.find(group, self.cleaned_data)
        except ValidationError as error:
            row.add_error("value", error)
            return
        if stored and stored.value != value and row.cleaned_data["was"] != in_digits(stored.value):
            row.show(stored.value)
            row.add_error(
                "value",
                _("This group already has a number for this time: %(number)s. Save again to change it.")
                % {"number": self.figure.format_value(stored.value)},
            )
        self.changes.append((stored, self.known.get(group, typed), value))

    @transaction.atomic
    def save_set(self, user, publish):
        """Save the numbers as a new revision of the figure."""
        time = {name: self.cleaned_data[name] for name in times.FIELDS}
        last = max((number.sort_order or 0 for number in self.stored), default=-1)
        for place, (stored, group, value) in enumerate(self.changes, last + 1):
            if stored:
                stored.value = value
                stored.published = time["published"] or stored.published
            else:
                self.stored.append(FigureValue(group=group, value=value, sort_order=place, **time))
        self.figure.values = self.stored
        # As in Wagtail's form: the lists show the latest draft of an unpublished figure.
        if not self.figure.live:
            self.figure.save()
        revision = self.figure.save_revision(user=user, log_action=True)
        if publish:
            revision.publish(user=user)
