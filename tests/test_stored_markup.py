"""
No text that an editor can store becomes markup of a page or a script of the admin.

The suite opens a sample of the admin's screens; FUZZ=1 opens all of them.
"""

import os
import random

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.test import Client
from wagtail.fields import RichTextField, StreamField

from tests.support.permissions import requests
from tests.support.permissions.addresses import every_address
from tests.support.permissions.world import World
from tests.support.routes import PublicSite

pytestmark = pytest.mark.django_db

MARKUP = (
    "\"'></title></script></style></textarea><x-odd a=1>{{7*7}}<img src=x onerror=x-odd>`javascript:x-odd"
)
ADDRESS = "javascript:x-odd//\"'><x-odd>"
# The apps whose texts people type, and columns that they can't.
TYPED = {"home", "timeline", "concerns", "wagtailcore", "wagtailredirects", "taggit", "auth"}
MADE = {
    *("url_path", "path", "password", "file_hash", "hash", "language_code", "locale", "hostname", "codename"),
    *(
        "object_id",
        "base_object_id",
        "slug",
        "action",
        "content_type",
        "state",
        "color",
        "username",
        "old_path",
        "public",
        "private",
    ),
}
MADE_MODELS = {"ReferenceIndex", "TryCounter", "Trace"}
# Number of the admin's screens in the suite.
SAMPLE = 25
# Browsers read nothing else as HTML, since all answers have `nosniff`.
READ_AS_HTML = ("text/html", "image/svg", "application/xhtml")
# Kinds of scripts that are data.
DATA = {"application/ld+json", "application/json", "text/template", "text/x-template"}


def spoil():
    """Put markup into every text column, and a script into every address. Return the number of columns."""
    count = 0
    for model in apps.get_models():
        if model._meta.app_label not in TYPED or model.__name__ in MADE_MODELS:
            continue
        for field in model._meta.concrete_fields:
            is_text = isinstance(field, models.CharField | models.TextField)
            is_other = isinstance(field, models.FileField | StreamField | RichTextField | models.UUIDField)
            if not is_text or is_other or field.choices or field.unique or field.name in MADE:
                continue
            value = ADDRESS if isinstance(field, models.URLField) else MARKUP
            try:
                with transaction.atomic():
                    model._base_manager.update(**{field.attname: value[: field.max_length]})
                count += 1
            except (IntegrityError, ValidationError):
                # A date, or a column that is unique together with others.
                continue
    return count


def faults(response):
    """Yield what a browser would run."""
    if not response.get("Content-Type", "").startswith(READ_AS_HTML):
        assert response.get("X-Content-Type-Options") == "nosniff" or not response.has_header("Content-Type")
        return
    page = BeautifulSoup(response.getvalue(), "html.parser")
    yield from page.find_all("x-odd")
    for tag in page.find_all(True):
        for name, value in tag.attrs.items():
            is_address = name in ("href", "src", "action", "formaction", "data")
            is_script = str(value).strip().lower().startswith(("javascript:", "data:text", "vbscript:"))
            if name.startswith("on") or (is_address and is_script):
                yield tag
    for script in page.find_all("script"):
        if script.get("type") not in DATA and "x-odd" in script.text:
            yield script


def test_no_text_becomes_markup_of_a_page():
    site = PublicSite()
    assert spoil() > 60
    seen = 0
    for address in site.addresses():
        response = Client().get(address)
        assert not [*faults(response)], address
        seen += b"x-odd" in response.getvalue() if not response.streaming else 0
    assert seen > 30


def test_no_text_becomes_markup_of_the_admin():
    world = World()
    spoil()
    addresses = every_address()
    if not os.environ.get("FUZZ"):
        addresses = random.Random(1).sample(addresses, SAMPLE)
    for address in addresses:
        response = requests.send(world, "A", address, "GET")
        assert not [*faults(response)], address.path
