"""Every field, block and form that takes a web address takes it without its beginning, too."""

import json

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from wagtail import blocks
from wagtail.admin.forms.models import formfield_for_dbfield

from home.admin.links.archived_copies import ArchivedCopyForm
from home.blocks import BodyBlock, LinkBlock
from home.external_links.cleaning import clean_links
from home.external_links.completing import complete_link
from home.external_links.fields import PublicURLField
from home.models import ExternalLink
from tests.support import factories
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import read_file
from timeline.models import EmbedSettings

TYPED, MEANT = "www.example.org/a?b=1", "https://www.example.org/a?b=1"
FIELDS = [
    field
    for model in apps.get_models()
    if model.__module__.split(".")[0] != "tests"
    for field in model._meta.fields
    if isinstance(field, models.URLField) and field.editable and field.model is model
]


def address_blocks(block, path=""):
    """Yield the path and the block of each address in a block."""
    children = getattr(block, "child_blocks", None) or (
        {"item": block.child_block} if isinstance(block, blocks.ListBlock) else {}
    )
    for name, child in children.items():
        yield from address_blocks(child, f"{path}.{name}")
    if isinstance(block, blocks.URLBlock | LinkBlock) or path.endswith("url"):
        yield path, block


BLOCKS = dict(address_blocks(BodyBlock()))


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_fields_of_forms(field):
    assert formfield_for_dbfield(field).clean(f" {TYPED} ") == MEANT


@pytest.mark.parametrize("field", [field for field in FIELDS if isinstance(field, PublicURLField)], ids=str)
def test_fields_of_models_for_imports(field):
    assert field.clean(TYPED, None) == MEANT


@pytest.mark.parametrize("path", BLOCKS)
def test_blocks(path):
    assert BLOCKS[path].clean(f" {TYPED} ") == MEANT
    assert BLOCKS[path].clean("info@swan.example") == "mailto:info@swan.example"


def test_the_lists_are_not_empty():
    assert {field.name for field in FIELDS} >= {"url", "archived_url", "website", "exit_url", "redirect_link"}
    assert {path.rpartition(".")[2] for path in BLOCKS} == {"url", "source_url"}


def test_the_form_for_an_archived_copy():
    form = ArchivedCopyForm({"archived_url": TYPED}, link=ExternalLink(url="https://example.org/"))
    assert form.is_valid()
    assert form.cleaned_data["archived_url"] == MEANT


@pytest.mark.django_db
def test_links_in_rich_text(admin_client):
    data = {"external-link-chooser-url": TYPED}
    answer = admin_client.post(reverse("wagtailadmin_choose_page_external_link"), data).json()
    assert answer["result"]["url"] == MEANT
    assert clean_links(f'<p><a href="{TYPED}">x</a></p>') == f'<p><a href="{MEANT}">x</a></p>'
    # This may be the name of a file.
    relative = '<p><a href="report.pdf">x</a></p>'
    assert clean_links(relative) == relative


@pytest.mark.django_db
def test_the_sites_that_may_embed_a_timeline(admin_client):
    address = reverse("wagtailsettings:edit", args=["timeline", "embedsettings", EmbedSettings.load().pk])
    typed = "www.partner.example\r\nhttps://*.yale.example\r\nhttps://swan.example/\r\nhttp://a.example:8000"
    admin_client.post(address, {"framing": "listed", "origins": typed})
    assert EmbedSettings.objects.get().listed_origins == [
        "https://www.partner.example",
        "https://*.yale.example",
        "https://swan.example",
        "http://a.example:8000",
    ]


@pytest.mark.django_db
def test_the_media_of_an_imported_slide():
    media = {"url": TYPED, "caption": "The minutes"}
    slide = {"start_date": {"year": 2019}, "text": {"headline": "A"}, "media": media}
    [row] = make_plan(factories.make_timeline(), read_file(json.dumps({"events": [slide]}).encode())).rows
    [block] = row.event.body
    assert f'<a href="{MEANT}">The minutes</a>' in block.value.source


@pytest.mark.parametrize("take", [PublicURLField().clean, lambda typed, _: LinkBlock().clean(typed)])
def test_an_address_in_the_admin_is_still_refused(take):
    with pytest.raises(ValidationError, match="only editors can open"):
        take("www.testserver/admin/pages/3/", None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example.org", "https://example.org"),
        ("//example.org/a", "https://example.org/a"),
        ("example.org:8000/a", "https://example.org:8000/a"),
        ("español.example#a", "https://español.example#a"),
        ("https://example.org", "https://example.org"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("a@b.example", "mailto:a@b.example"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("javascript.example:alert(1)", "javascript.example:alert(1)"),
        ("/contact/", "/contact/"),
        ("soon", "soon"),
        ("e.g. the report", "e.g. the report"),
        ("1.5", "1.5"),
        ("", ""),
    ],
)
def test_only_the_name_of_a_site_or_an_email_address_is_completed(typed, meant):
    assert complete_link(typed) == meant
