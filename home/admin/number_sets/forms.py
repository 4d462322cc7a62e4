"""Numbers of a figure that were published together, typed together: their time once, one for each group."""

import re
import unicodedata
from decimal import Decimal

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import DecimalValidator
from django.db import transaction
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import ListingButton
from wagtail.permission_policies import ModelPermissionPolicy

from home.admin.lists.base import STYLES, breadcrumbs
from home.dates import values
from home.models import Figure, FigureValue

__all__ = ["address_of_set", "figure_permissions"]

figure_permissions = ModelPermissionPolicy(Figure)

NEW_GROUPS = 3
MOST_ROWS = 200
WRITTEN = re.compile(
    r"(?P<minus>-?)(?P<dollar>\$?)(?P<digits>(?:\d{1,3}(?:[, ]\d{3})+|\d+)?(?:\.\d+)?) ?(?P<percent>%?)",
    re.ASCII,
)
TIME = ("period_start", "period_end", "published")


def in_digits(number):
    """A number as somebody would type it."""
    return "" if number is None else f"{Decimal(number).normalize():,f}"


class NumberField(forms.CharField):
    """Takes a number as people write it: "1,234", "12%", "$75,000"."""

    default_error_messages = {
        "invalid": gettext_lazy("Write the number in digits, such as 1,234 or 12.5, and nothing else."),
        "dollar": gettext_lazy("This figure is not in dollars."),
        "percent": gettext_lazy("This figure is not in percent."),
    }
    default_validators = [DecimalValidator(14, 2)]

    def __init__(self, *, unit, **kwargs):
        super().__init__(empty_value=None, **kwargs)
        self.unit = unit

    def to_python(self, value):
        text = super().to_python(value)
        if text is None:
            return None
        text = unicodedata.normalize("NFKC", text).replace("−", "-")
        found = WRITTEN.fullmatch(text.replace("$ ", "$").replace("$-", "-$").replace("- ", "-"))
        if not found or not found["digits"]:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if found["dollar"] and self.unit != Figure.Unit.USD:
            raise ValidationError(self.error_messages["dollar"], code="dollar")
        if found["percent"] and self.unit != Figure.Unit.PERCENT:
            raise ValidationError(self.error_messages["percent"], code="percent")
        return Decimal(found["minus"] + re.sub("[, ]", "", found["digits"]))


def key_of(group):
    """By which a group is known again, however its name is typed."""
    return " ".join(group.split()).casefold()


class RowForm(forms.Form):
    """A group and its number. `was` is the number that was there when the form was shown."""

    group = forms.CharField(label=gettext_lazy("Another group"), max_length=100, required=False)
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, figure, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["value"] = NumberField(label=_("Its number"), required=False, unit=figure.unit)
        self.fields["value"].widget.attrs["inputmode"] = "decimal"
        group = key_of(self["group"].value() or "")
        self.is_known = group in known
        if self.is_known:
            self.fields["group"].widget = forms.HiddenInput()
            self.fields["value"].label = known[group] or (
                _("All together") if len(known) > 1 else _("Number")
            )

    def clean(self):
        data = super().clean()
        group, value = data.get("group"), data.get("value")
        if "value" in data and value is None and group and not self.is_known:
            self.add_error("value", _("Write the number of this group, or leave the group empty too."))
        if value is not None and not self.is_known and not group:
            self.add_error("group", _("Say of which group this is the number."))
        return data

    def show(self, number):
        """Let the form know the number that is there now."""
        self.now = in_digits(number)


class NumberSetForm(forms.ModelForm):
    """
    The time, and below it a number for each group.

    A number that is there already for a group and a time is changed only if the form had shown it: otherwise
    it is shown first.
    """

    class Meta:
        model = FigureValue
        fields = TIME
        help_texts = {
            "period_start": gettext_lazy("What the numbers cover: January 2018, or 2018, or July 1, 2018."),
            "period_end": gettext_lazy("Only if they cover more than that: December 2018."),
            "published": gettext_lazy("When the numbers were published, or the money awarded."),
        }

    def __init__(self, figure, data=None, initial=None):
        """
        :param figure: a Figure as its latest draft has it.
        :param initial: the time for which to show the numbers that are there.
        """
        super().__init__(data, initial=initial)
        self.figure = figure
        self.there = list(figure.values.all())
        is_whole = figure.breakdown == Figure.Breakdown.NONE
        groups = [value.group for value in self.there] or ([""] if is_whole else [])
        self.known = {}
        for group in groups:
            self.known.setdefault(key_of(group), group)
        rows = forms.formset_factory(
            RowForm,
            # What is not broken down has no other groups.
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
                {"group": group, "value": in_digits(value and value.value)}
                for group, value in zip(self.known.values(), shown, strict=True)
            ],
        )
        for number, row in enumerate(self.rows):
            row.now = row["was"].value() or ""
            if data is None and number < len(shown) and shown[number]:
                row.show(shown[number].value)

    def shown(self, group, time):
        """The number to show for a group and a time, or None: also where it cannot be told which one."""
        try:
            return self.find(group, time)
        except ValidationError:
            return None

    def find(self, group, time):
        """
        The number that is there for a group and a time, or None.

        :raises ValidationError: if there are several, and it cannot be told which one is meant.
        """
        start, end, published = (time.get(name) for name in TIME)
        if not start and not published:
            return None
        found = [
            value
            for value in self.there
            if key_of(value.group) == group
            and (value.period_start, value.period_end or value.period_start) == (start, end or start)
            and (start or value.published == published)
        ]
        if len(found) > 1:
            found = [value for value in found if value.published == published]
            if len(found) != 1:
                words = _(
                    "There are several numbers for this group and time. Change them in the figure itself."
                )
                raise ValidationError(words)
        return found[0] if found else None

    @property
    def sets(self):
        """The times for which there are numbers: pairs of words and the query of an address."""
        times = {tuple(getattr(value, name) for name in TIME): value for value in self.there}
        return [(words_of(value), query_of(value)) for value in times.values() if words_of(value)]

    def clean(self):
        data = super().clean()
        if not self.errors and not data["period_start"] and not data["period_end"] and not data["published"]:
            self.add_error(
                "period_start", _("Say which time the numbers are about, or when they were published.")
            )
        return data

    def is_valid(self):
        if not all([super().is_valid(), self.rows.is_valid()]):
            return False
        filled = [row for row in self.rows if row.cleaned_data.get("value") is not None]
        if not filled:
            self.add_error(None, _("Write at least one number."))
        self.changes = []
        seen = set()
        for row in filled:
            self.match(row, seen)
        return not self.errors and not any(row.errors for row in self.rows)

    def match(self, row, seen):
        """Find what a row would change, and refuse what nobody can have meant."""
        typed, value = " ".join(row.cleaned_data["group"].split()), row.cleaned_data["value"]
        group = key_of(typed)
        if group in seen:
            row.add_error("value" if row.is_known else "group", _("This group is here twice."))
            return
        seen.add(group)
        try:
            there = self.find(group, self.cleaned_data)
        except ValidationError as error:
            row.add_error("value", error)
            return
        if there and there.value != value and row.cleaned_data["was"] != in_digits(there.value):
            row.show(there.value)
            row.add_error(
                "value",
                _("There is a number already for this group and time: %(number)s. Save again to change it.")
                % {"number": self.figure.format_value(there.value)},
            )
        self.changes.append((there, self.known.get(group, typed), value))

    @transaction.atomic
    def save_set(self, user, publish):
        """Write the numbers as a new revision of the figure."""
        time = {name: self.cleaned_data[name] for name in TIME}
        last = max((value.sort_order or 0 for value in self.there), default=-1)
        for place, (there, group, number) in enumerate(self.changes, last + 1):
            if there:
                there.value = number
                there.published = time["published"] or there.published
            else:
                self.there.append(FigureValue(group=group, value=number, sort_order=place, **time))
        self.figure.values = self.there
        # As Wagtail's form: while nothing is public, the lists show the latest draft.
        if not self.figure.live:
            self.figure.save()
        revision = self.figure.save_revision(user=user, log_action=True)
        if publish:
            revision.publish(user=user)


def words_of(value):
    """The time of a number in words."""
    if value.period:
        return value.period
    return _("published %(date)s") % {"date": values.for_people(value.published)} if value.published else ""


def query_of(value):
    query = QueryDict(mutable=True)
    query.update({name: getattr(value, name) for name in TIME if getattr(value, name)})
    return f"?{query.urlencode()}"


def address_of_set(value):
    """Where a number is changed together with those of the same time."""
    return reverse("number_set", args=[value.figure_id]) + query_of(value)


def asked_time(parameters):
    """The time that an address names; what is no date is left out."""
    time = {}
    for name in TIME:
        try:
            time[name] = values.parse(parameters.get(name, ""))
        except values.DateParseError:
            continue
    return time


def require_change(user):
    if not figure_permissions.user_has_permission(user, "change"):
        raise PermissionDenied


def choose_figure(request):
    """Of which figure the numbers are."""
    require_change(request.user)
    context = {
        "figures": Figure.objects.all(),
        "header_title": _("Add numbers"),
        "header_icon": "plus",
        "breadcrumbs_items": breadcrumbs(("", _("Add numbers"))),
        "media": STYLES,
    }
    return TemplateResponse(request, "home/admin/choose_figure.html", context)


@transaction.atomic
def number_set(request, pk):
    """Where an editor types the numbers of one time."""
    require_change(request.user)
    found = get_object_or_404(Figure.objects.select_for_update(), pk=pk)
    figure = found.get_latest_revision_as_object()
    may_publish = figure_permissions.user_has_permission(request.user, "publish")
    # Publishing would take along what somebody has only begun.
    can_publish = may_publish and not found.has_unpublished_changes
    form = NumberSetForm(figure, request.POST or None, asked_time(request.GET))
    if request.method == "POST":
        publish = "publish" in request.POST
        if publish and not may_publish:
            raise PermissionDenied
        is_valid = form.is_valid()
        if publish and not can_publish:
            form.add_error(
                None, _("Somebody has changed this figure in the meantime, so it can only be a draft.")
            )
        elif is_valid:
            form.save_set(request.user, publish)
            said = _("The numbers are published.") if publish else _("The numbers are saved as a draft.")
            edit = messages.button(edit_address(figure), _("Open the figure"))
            messages.success(request, f"{figure.title}: {said}", buttons=[edit])
            return redirect("choose_figure")
        messages.error(request, _("Nothing was saved yet. Please look at what is marked below."))
    context = {
        "figure": figure,
        "form": form,
        "can_publish": can_publish,
        "draft": found.latest_revision if found.has_unpublished_changes else None,
        "edit_url": edit_address(figure),
        "header_title": figure.title,
        "header_icon": "table",
        "breadcrumbs_items": breadcrumbs((reverse("choose_figure"), _("Add numbers")), ("", figure.title)),
        "media": STYLES,
    }
    return TemplateResponse(request, "home/admin/number_set.html", context)


def edit_address(figure):
    return reverse(Figure.snippet_viewset.get_url_name("edit"), args=[figure.pk])


@hooks.register("register_admin_urls")
def number_set_urls():
    return [
        path("number-sets/", choose_figure, name="choose_figure"),
        path("number-sets/<int:pk>/", number_set, name="number_set"),
    ]


@hooks.register("register_snippet_listing_buttons")
def number_set_button(snippet, user, next_url=None):
    if isinstance(snippet, Figure) and figure_permissions.user_has_permission(user, "change"):
        yield ListingButton(
            _("Add numbers"), reverse("number_set", args=[snippet.pk]), icon_name="plus", priority=20
        )
