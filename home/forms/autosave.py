"""Autosave for forms of the admin: valid fields and rows are saved, and invalid ones are left out."""

import json

from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext
from wagtail.blocks import ListBlock, StreamBlock

# The field that marks an autosave, and the key in its response. site_admin/autosave.js uses both names.
PARAMETER, LEFT_OUT = "autosave", "autosave-left-out"
# Restoring one value may make another one invalid, such as an end before its date, so repeat.
ROUNDS = 3


class AutosavedForm:
    """A form whose autosave leaves out invalid fields. The browser shows their errors from `left_out`."""

    left_out = ()

    @property
    def is_autosave(self):
        return PARAMETER in self.data

    def is_valid(self):
        if super().is_valid():
            return True
        if not self.is_autosave:
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
        Remove invalid fields from the form, and rows with such a field. Return False if an error cannot be
        left out.
        """
        for name in list(self.errors):
            is_needed = self.instance.pk is None and name in self.fields and self.fields[name].required
            if is_needed or name not in self.fields:
                return False
            self.left_out += leave_out(self, name)
        for row in self._forms()[1:]:
            if row.errors:
                self.left_out += leave_out_row(row)
        for form in self._forms():
            form.full_clean()
        for formset in self.formsets.values():
            formset.full_clean()
        return True


def is_deleted(row):
    row.is_valid()  # It sets `cleaned_data`.
    return row.cleaned_data.get(DELETION_FIELD_NAME, False)


def leave_out_row(form):
    """
    Leave out a row as a whole: a number without its period, or with an old one, would be wrong. A new row is
    left out as if it was deleted, and another one stays as it was saved. Return the errors for `left_out`.
    """
    until = gettext("Until this is right, its whole row is not saved.")
    wrong = [
        {"field": form.add_prefix(name), "words": " ".join([*map(str, errors), until])}
        for name, errors in form.errors.items()
    ]
    if form.instance.pk is None:
        form.data = form.data.copy()
        form.data[form.add_prefix(DELETION_FIELD_NAME)] = "on"
    else:
        for name in {*form.fields} & {*form.initial} - {form.instance._meta.pk.name}:
            restore(form, name, saved_value(form, name))
    return wrong


def leave_out(form, name):
    """Restore an invalid field, or a StreamField's invalid blocks. Return the errors for `left_out`."""
    error = form.errors[name].as_data()[0]
    place = form.add_prefix(name)
    value = saved_value(form, name)
    if block := getattr(form.fields[name], "block", None):
        typed = form.fields[name].widget.value_from_datadict(form.data, form.files, place)
        places = list(invalid_parts(block, typed, error, place))
        value = restored(block, typed, error, value)
    else:
        places = [(place, form.errors[name])]
    restore(form, name, value)
    return [{"field": path, "words": " ".join(map(str, words))} for path, words in places]


def field_of(form, name):
    """Return the field of the model, or None for a field that only the form has."""
    options = form.instance._meta
    return next((each for each in (*options.fields, *options.many_to_many) if each.name == name), None)


def saved_value(form, name):
    field = field_of(form, name)
    return form.initial.get(name, field and field.get_default())


def restore(form, name, value):
    """Take a field from the form, and give its instance a value."""
    field = field_of(form, name)
    del form.fields[name]
    if field and not field.many_to_many:
        setattr(form.instance, field.attname, value)


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
