"""Autosave: valid fields are saved, and an invalid one waits until it is corrected."""

import json

from django.core.exceptions import FieldDoesNotExist
from django.db.models import ManyToManyField
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.blocks import ListBlock, StreamBlock

__all__ = ["AutosavedForm", "AutosavedModelForm"]

# The field that marks an autosave, and the key of its answer. site_admin/autosave.js uses both names.
PARAMETER, LEFT_OUT = "autosave", "autosave-left-out"
# A value that is put back may make another one wrong, such as an end before its date.
ROUNDS = 3


class AutosavedForm:
    """
    A form of the admin that, when it saves itself, leaves wrong fields as they were saved last.

    The browser keeps what was typed and shows what is wrong with it: `left_out` says where and why.
    """

    left_out = ()

    def is_valid(self):
        if super().is_valid():
            return True
        if PARAMETER not in self.data:
            return False
        self.left_out = []
        every_field = [(form, dict(form.fields)) for form in self._forms()]
        for _round in range(ROUNDS):
            if not self._leave_out_errors():
                break
            if super().is_valid():
                return True
        for form, fields in every_field:
            form.fields = fields
        return False

    def _forms(self):
        return [self, *(form for formset in self.formsets.values() for form in formset.forms)]

    def get_field_updates_for_resave(self):
        """Add to Wagtail's updates what was not saved, for the script to show."""
        return [*super().get_field_updates_for_resave(), (LEFT_OUT, json.dumps(self.left_out))]

    def _leave_out_errors(self):
        """Take wrong fields out of the form and its rows. Return False if one of them cannot be left out."""
        for form in self._forms():
            for name in list(form.errors):
                if name not in form.fields or (form.fields[name].required and form.instance.pk is None):
                    return False
                self.left_out += leave_out(form, name)
        for form in self._forms():
            form.full_clean()
        for formset in self.formsets.values():
            formset.full_clean()
        return True


class AutosavedModelForm(AutosavedForm, WagtailAdminModelForm):
    """The form of a snippet that saves itself."""


def leave_out(form, name):
    """
    Put back the value that a wrong field had when the form was opened; in a text of blocks, only wrong parts.

    :returns: where the form is wrong: a list of dictionaries of a `field` and the `words` of its error.
    """
    error = form.errors[name].as_data()[0]
    place = form.add_prefix(name)
    block = getattr(form.fields[name], "block", None)
    value = form.initial[name] if name in form.initial else default(form.instance, name)
    if block:
        typed = form.fields[name].widget.value_from_datadict(form.data, form.files, place)
        places = list(wrong_parts(block, typed, error, place))
        value = mended(block, typed, error, value)
    else:
        places = [(place, form.errors[name])]
    del form.fields[name]
    put_back(form.instance, name, value)
    return [{"field": field, "words": " ".join(map(str, words))} for field, words in places]


def default(instance, name):
    """The value of a field of a new row or page."""
    try:
        return instance._meta.get_field(name).get_default()
    except FieldDoesNotExist:
        return None


def put_back(instance, name, value):
    try:
        field = instance._meta.get_field(name)
    except FieldDoesNotExist:
        return
    if not isinstance(field, ManyToManyField):
        setattr(instance, field.attname, value)


def wrong_parts(block, value, error, path):
    """Yield the path to each wrong part of a block's value, and the words of its errors."""
    parts = getattr(error, "block_errors", None)
    if not parts:
        yield path, error.messages
        return
    for key, part in parts.items():
        if isinstance(block, StreamBlock):
            child = value[key]
            yield from wrong_parts(child.block, child.value, part, f"{path}.{child.id}")
        elif isinstance(block, ListBlock):
            yield from wrong_parts(
                block.child_block, value[key], part, f"{path}.{value.bound_blocks[key].id}"
            )
        else:
            yield from wrong_parts(block.child_blocks[key], value[key], part, f"{path}.{key}")


def mended(block, value, error, saved):
    """Return a block's value in which each wrong part is as it was saved last, or empty where it is new."""
    parts = getattr(error, "block_errors", None)
    if not parts:
        empty = "" if isinstance(value, str) else block.get_default()
        return empty if saved is None else saved
    for key, part in parts.items():
        if isinstance(block, StreamBlock):
            child = value[key]
            before = next((each.value for each in saved or () if each.id == child.id), None)
            value[key] = (child.block.name, mended(child.block, child.value, part, before), child.id)
        elif isinstance(block, ListBlock):
            value[key] = mended(block.child_block, value[key], part, None)
        else:
            before = saved.get(key) if saved else None
            value[key] = mended(block.child_blocks[key], value[key], part, before)
    return value
