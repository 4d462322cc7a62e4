"""
Every address of the admin, by GET and by POST, for nobody in particular, a contributor, an editor, a
moderator and an administrator: all as docs/permissions.md says. `make permissions` writes that file anew.
"""

import os

import pytest

from home.models import User
from tests.support.permissions import asking, table
from tests.support.permissions.addresses import every_address
from tests.support.permissions.world import World

pytestmark = pytest.mark.django_db

# All that is open to somebody who has not signed in.
OPEN = [
    "sprite/",
    "login/",
    "password_reset/",
    "password_reset/done/",
    "password_reset/confirm/<uidb64>/<token>/",
    "password_reset/complete/",
    "jsi18n/",
]
# What the site has closed to everybody.
CLOSED = ["failwhale/", "embeds/", "embeds/chooser/", "embeds/chooser/upload/"]


def test_everybody_may_open_what_the_table_says_and_nothing_else():
    found = asking.who_may(World(), every_address())
    if os.environ.get("RECORD_PERMISSIONS"):
        table.FILE.write_text(table.write(table.record(table.read(table.FILE.read_text()), found)))
    said = {row.key: (row.get, row.post) for row in table.rows(table.read(table.FILE.read_text()))}
    sentences = differences(said, found)
    assert not sentences, "\n".join([*sentences, "See the end of docs/permissions.md."])


def differences(said, found):
    """Where the table and the site do not agree, a sentence each."""
    sentences = []
    for address, of in sorted(said.keys() | found.keys()):
        name = f"admin/{address} ({of})" if of else f"admin/{address}"
        if (address, of) not in found:
            sentences.append(f"{name} is in the table, and not in the admin.")
        elif (address, of) not in said:
            sentences.append(f"{name} is new, and the table does not say who may open it.")
        else:
            for method, expected, real in zip(
                ("GET", "POST"), said[address, of], found[address, of], strict=True
            ):
                if expected != real:
                    sentences.append(
                        f"{method} {name} lets in {real or 'nobody'}; the table says {expected or 'nobody'}."
                    )
    return sentences


def test_whoever_has_not_signed_in_is_asked_to_and_learns_nothing():
    world = World()
    addresses = [address for address in every_address() if address.shown not in OPEN + CLOSED]
    for address in addresses:
        for method in ("GET", "POST"):
            response = asking.ask(world, "N", address, method)
            assert asking.asks_to_sign_in(response), f"{method} {address.shown}: {response.status_code}"


def test_what_is_open_to_everybody_is_open(client):
    for shown in OPEN:
        address = next(address for address in every_address() if address.shown == shown)
        assert client.get(address.url(None, "N")).status_code == 200, shown


def test_an_account_without_a_group_gets_no_further_than_the_login():
    world = World()
    world.cookies["N"] = world.sign_in(User.objects.create_user("nobody yet"))
    for address in every_address():
        if address.shown not in OPEN + CLOSED:
            response = asking.ask(world, "N", address, "GET")
            assert asking.asks_to_sign_in(response), address.shown
