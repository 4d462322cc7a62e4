"""Autosave for forms of the admin: valid fields are saved, and invalid ones are left out."""

import json

from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.blocks import ListBlock, StreamBlock

# The field that marks an autosave, and the key in its response. site_admin/autosave.js uses both names.
PARAMETER, LEFT_OUT = "autosave", "autosave-left-out"
# Restoring one value may make another one invalid, such as an end before its date, so repeat.
ROUNDS = 3


class AutosavedForm:
    """A form whose autosave leaves out invalid fields. The browser shows their errors from `left_out`."""

    left_out = ()

    def is_valid(self):
        if super().is_valid():
            return True
        if PARAMETER not in self.data:
            return False
        self.left_out = []
        every_form = [(form, dict(form.fields), form.data) for form in self._forms()]
        for _round in range(ROUNDS):
            if not self._leave_out_errors():
                break
            if super().is_valid():
                return True
        for form, fields, data in every_form:
            form.fields, form.data = fields, data
        return False

    def _forms(self):
        """Return this form and those of its rows, without deleted rows."""
        rows = [form for formset in self.formsets.values() for form in formset.forms]
        return [self, *(row for row in rows if not is_deleted(row))]

    def get_field_updates_for_resave(self):
        """Add what was not saved to Wagtail's updates, for the script to show."""
        return [*super().get_field_updates_for_resave(), (LEFT_OUT, json.dumps(self.left_out))]

    def _leave_out_errors(self):
        """
        Remove invalid fields from the form and its rows, and new rows that need such a field. Return False if
        an error cannot be left out.
        """
        for form in self._forms():
            is_needed = form.instance.pk is None and any(
                name not in form.fields or form.fields[name].required for name in form.errors
            )
            if is_needed and form is not self:
                self.left_out += leave_out_row(form)
                continue
            for name in list(form.errors):
                if is_needed or name not in form.fields:
                    return False
                self.left_out += leave_out(form, name)
        for form in self._forms():
            form.full_clean()
        for formset in self.formsets.values():
            formset.full_clean()
        return True


class AutosavedModelForm(AutosavedForm, WagtailAdminModelForm):
    """The form of a snippet with autosave."""


def is_deleted(row):
    row.is_valid()  # It sets `cleaned_data`.
    return row.cleaned_data.get(DELETION_FIELD_NAME, False)


def leave_out_row(form):
    """Leave out a new row, as if it was deleted. Return the errors for `left_out`."""
    form.data = form.data.copy()
    form.data[form.add_prefix(DELETION_FIELD_NAME)] = "on"
    until = gettext("Until this is right, its whole row is not saved.")
    return [
        {"field": form.add_prefix(name), "words": " ".join([*map(str, errors), until])}
        for name, errors in form.errors.items()
    ]


def leave_out(form, name):
    """Restore an invalid field, or a StreamField's invalid blocks. Return the errors for `left_out`."""
    error = form.errors[name].as_data()[0]
    place = form.add_prefix(name)
    # Some fields of the form have no field of the model.
    options = form.instance._meta
    field = next((each for each in (*options.fields, *options.many_to_many) if each.name == name), None)
    value = form.initial.get(name, field and field.get_default())
    if block := getattr(form.fields[name], "block", None):
        typed = form.fields[name].widget.value_from_datadict(form.data, form.files, place)
        places = list(invalid_parts(block, typed, error, place))
        value = restored(block, typed, error, value)
    else:
        places = [(place, form.errors[name])]
    del form.fields[name]
    if field and not field.many_to_many:
        setattr(form.instance, field.attname, value)
    return [{"field": path, "words": " ".join(map(str, words))} for path, words in places]


def invalid_parts(block, value, error, path):
    """Yield the path to each invalid part of a block's value, and its error messages."""
    parts = getattr(error, "block_errors", None)
    if not parts:
        yield path, error.messages
        return
    for key, part in parts.items():
        if isinstance(block, StreamBlock):
            child = value[key]
            yield from invalid_parts(child.block, child.value, part, f"{path}.{child.id}")
        elif isinstance(block, ListBlock):
            yield from invalid_parts(
                block.child_block, value[key], part, f"{path}.{value.bound_blocks[key].id}"
            )
        else:
            yield from invalid_parts(block.child_blocks[key], value[key], part, f"{path}.{key}")


def restored(block, value, error, saved):
    """Return a block's value with each invalid part as it was saved last, or empty if it is new."""
    parts = getattr(error, "block_errors", None)
    if not parts:
        empty = "" if isinstance(value, str) else block.get_default()
        return empty if saved is None else saved
    for key, part in parts.items():
        if isinstance(block, StreamBlock):
            child = value[key]
            before = next((each.value for each in saved or () if each.id == child.id), None)
            value[key] = (child.block.name, restored(child.block, child.value, part, before), child.id)
        elif isinstance(block, ListBlock):
            value[key] = restored(block.child_block, value[key], part, None)
        else:
            before = saved.get(key) if saved else None
            value[key] = restored(block.child_blocks[key], value[key], part, before)
    return value
