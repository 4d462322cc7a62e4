"""Every field that editors fill in has a help text."""

import re

import pytest
from django.apps import apps
from django.forms import DateTimeField
from django.test import RequestFactory
from wagtail import blocks
from wagtail.admin import widgets
from wagtail.admin.panels import FieldPanel, InlinePanel, get_edit_handler
from wagtail.contrib.settings.registry import registry
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models

from home.admin.front.news import SpanForm
from home.blocks import BodyBlock

PAGES = [model for model in apps.get_models() if issubclass(model, Page) and model is not Page]
MODELS = [*PAGES, *get_snippet_models(), *registry]

WORDS_OF_THE_TRADE = re.compile(r"(?i)\b(slug|seo|urls?|meta|html|alt)\b")
# Wagtail's own label is clear enough.
EXCEPTIONS = {"comments"}
# Their script replaces what it cannot read with the present.
REPLACING = (widgets.AdminDateInput, widgets.AdminDateTimeInput, widgets.AdminTimeInput)
# Blocks without a help text, by path, with the reason.
PLAIN_BLOCKS = {
    "image.image": "the name of the block; its fields say the rest",
    "table.table.text": "a cell of a table, below the heading of its column",
    "related_pages.pages.item": "one of the pages that the list explains",
}


def fields_of(panel, path=""):
    """Yield each field below a bound panel with its help text."""
    for child in getattr(panel, "children", []):
        yield from fields_of(child, path)
    if isinstance(panel, InlinePanel.BoundPanel):
        yield f"{path}{panel.panel.relation_name}", panel.help_text
        yield from fields_of(panel.empty_child, f"{path}{panel.panel.relation_name}.")
    # A form can leave a field out, such as the names of groups that only a translation has.
    elif isinstance(panel, FieldPanel.BoundPanel) and panel.bound_field:
        yield f"{path}{panel.field_name}", panel.help_text


def help_of(model, user):
    request = RequestFactory().get("/")
    request.user = user
    handler = get_edit_handler(model)
    instance = model()
    form = handler.get_form_class()(instance=instance, for_user=user)
    bound = handler.get_bound_panel(instance=instance, request=request, form=form)
    return {path: str(words) for path, words in fields_of(bound) if path not in EXCEPTIONS}


def test_no_field_replaces_a_day_or_time_that_it_cannot_read():
    forms = [SpanForm, *(get_edit_handler(model).get_form_class() for model in MODELS)]
    forms += [rows.form for form in forms[1:] for rows in getattr(form, "formsets", {}).values()]
    fields = {f"{form.__name__}.{name}": field for form in forms for name, field in form.base_fields.items()}
    assert any(isinstance(field, DateTimeField) for field in fields.values())
    assert [name for name, field in fields.items() if isinstance(field.widget, REPLACING)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_field_has_a_plain_help_text(model, admin_user):
    found = help_of(model, admin_user)
    assert found
    assert {path for path, words in found.items() if not words.strip()} == set()
    # No technical terms.
    assert not [
        words for words in found.values() if re.search(r"(?i)\b(slug|seo|urls?|meta|html|alt)\b", words)
    ]


@pytest.mark.parametrize("model", [*get_snippet_models()], ids=lambda model: model.__name__)
def test_the_slug_of_a_snippet_follows_its_name(model, db):
    form = get_edit_handler(model).get_form_class()(instance=model())
    assert "w-slug" in form["slug"].as_widget()


def blocks_of(block, path=""):
    children = getattr(block, "child_blocks", {})
    if isinstance(block, blocks.ListBlock):
        children = {"item": block.child_block}
    for name, child in children.items():
        yield f"{path}{name}", child
        yield from blocks_of(child, f"{path}{name}.")


def help_of_block(block):
    field = getattr(block, "field", None)
    return getattr(block.meta, "help_text", "") or getattr(field, "help_text", "") or block.get_description()


def test_every_field_of_a_block_has_a_help_text():
    silent = {path for path, block in blocks_of(BodyBlock()) if not help_of_block(block)}
    assert silent == set(PLAIN_BLOCKS)
