"""docs/permissions.md says who can open which objects outside of the admin, by GET and POST."""

import os
import re

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import PageViewRestriction

from tests.support import factories
from tests.support.permissions import table
from tests.support.permissions.world import PEOPLE, World
from timeline.models import EventSource

pytestmark = pytest.mark.django_db

HEADING = "## Outside of the admin"
ROW = re.compile(r"\| (?P<what>[^`|]+) \| `(?P<get>\S{5})` \| `(?P<post>\S{5})` \| .*\|")


def documented():
    rows = map(ROW.fullmatch, table.section(HEADING))
    return {row["what"]: (row["get"], row["post"]) for row in rows if row}


def private_page(kind, *groups):
    page = factories.make_standard_page()
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="sesame")
    restriction.groups.set(groups)
    return page.url


def objects(world):
    """Return the URL of each kind of object."""
    shown, hidden = factories.make_image(), factories.make_image()
    file, kept = factories.make_file(), factories.make_file()
    world.make_event(
        lead_image=shown, sources=[EventSource(**factories.source_fields(document=file))], slug="shown"
    )
    world.make_event(
        lead_image=hidden, sources=[EventSource(**factories.source_fields(document=kept))], live=False
    )
    draft = factories.make_timeline(slug="not-yet", live=False)
    live, timeline = world.live.url, world.timeline.url
    editors = Group.objects.get(name="Editors")
    site = world.site.root_url
    return {
        "A live page": live,
        "A draft": world.draft.get_url(),
        "A page with a password": private_page("password"),
        "A page for people with an account": private_page("login"),
        "A page for Editors": private_page("groups", editors),
        "A page in a language without a translation": f"/es{live}",
        "An image on a live page": shown.get_rendition("width-20").url,
        "An image on a draft": hidden.get_rendition("width-20").url,
        "The original of an image": shown.file.url,
        "A file of a live page": file.url,
        "A file of a draft": kept.url,
        "A page of a file of a live page": factories.make_file_page(file).images[0][0],
        "A page of a file of a draft": factories.make_file_page(kept).images[0][0],
        "The cover of a live page": f"/cover/{world.live.pk}.png",
        "The cover of a draft": f"/cover/{world.draft.pk}.png",
        "The events of a live timeline": f"{timeline}events.json",
        "The events of a timeline that is a draft": f"{draft.get_url()}events.json",
        "The frame of a live timeline": f"{timeline}embed/",
        "The frame of a timeline that is a draft": f"{draft.get_url()}embed/",
        "The description of a live page for other sites": f"/oembed/?url={site}{live}",
        "The description of a draft for other sites": f"/oembed/?url={site}{world.draft.get_url()}",
        "The form of a contact page": f"/contact-message/{world.contact.pk}/",
    }


def can_open(world, letter, method, url):
    with transaction.atomic():
        response = getattr(world.client_of(letter), method)(url)
        transaction.set_rollback(True)
    is_gate = "wagtailcore/" in str(getattr(response, "template_name", ""))
    return response.status_code in (200, 422) and not is_gate


def test_access_to_each_object_is_as_the_table_says():
    world = World()
    access = {
        what: tuple(
            table.dotted("".join(letter for letter in PEOPLE if can_open(world, letter, method, url)))
            for method in ("get", "post")
        )
        for what, url in objects(world).items()
    }
    if os.environ.get("RECORD_PERMISSIONS"):
        print("\n".join(f"| {what} | `{get}` | `{post}` |  |" for what, (get, post) in access.items()))
    assert access == documented()
