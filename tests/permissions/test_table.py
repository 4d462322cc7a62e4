"""
docs/permissions.md says who may open each URL of the admin.

Each URL is requested by GET and POST as an anonymous user, a contributor, an editor, a moderator and an
administrator. `make permissions` updates the file.
"""

import os

import pytest

from home.models import User
from tests.support.permissions import requests, table
from tests.support.permissions.addresses import CLOSED, OPEN, every_address
from tests.support.permissions.world import World

pytestmark = pytest.mark.django_db


def test_access_to_each_url_is_as_the_table_says():
    access = requests.access_to(every_address(), World())
    if os.environ.get("RECORD_PERMISSIONS"):
        table.FILE.write_text(table.write(table.update(table.read(table.FILE.read_text()), access)))
    documented = {row.key: (row.get, row.post) for row in table.rows(table.read(table.FILE.read_text()))}
    sentences = differences(documented, access)
    assert not sentences, "\n".join([*sentences, "See the top of docs/permissions.md."])


def differences(documented, access):
    """Describe each difference between the table and the site in a sentence."""
    sentences = []
    for path, owner in sorted(documented.keys() | access.keys()):
        name = f"admin/{path} ({owner})" if owner else f"admin/{path}"
        if (path, owner) not in access:
            sentences.append(f"{name} is in the table, but not in the admin.")
        elif (path, owner) not in documented:
            sentences.append(f"{name} is new, and the table does not say who may open it.")
        else:
            for method, expected, actual in zip(
                ("GET", "POST"), documented[path, owner], access[path, owner], strict=True
            ):
                if expected != actual:
                    sentences.append(
                        f"{method} {name} is open to {actual or 'nobody'}; "
                        f"the table says {expected or 'nobody'}."
                    )
    return sentences


def test_strangers_and_accounts_without_a_group_are_redirected_to_the_login_form():
    world = World()
    strange, nobody = world.cookies["N"], world.sign_in(User.objects.create_user("nobody yet"))
    for address in every_address():
        if address.path in OPEN + CLOSED:
            continue
        for method, cookies in (("GET", strange), ("POST", strange), ("GET", nobody)):
            world.cookies["N"] = cookies
            response = requests.send(world, "N", address, method)
            assert requests.redirects_to_login(response), f"{method} {address.path}: {response.status_code}"


def test_open_urls_are_open(client):
    for path in OPEN:
        address = next(address for address in every_address() if address.path == path)
        assert client.get(address.url(None, "N")).status_code == 200, path
