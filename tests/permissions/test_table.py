"""
docs/permissions.md says who may open each URL of the admin.

Each URL is requested by GET and POST as an anonymous user, a contributor, an editor, a moderator and an
administrator. `make permissions` updates the file.
"""

import os

import pytest

from home.models import User
from tests.support.permissions import requests, table
from tests.support.permissions.addresses import every_address
from tests.support.permissions.world import World

pytestmark = pytest.mark.django_db

# The only URLs that are open to anonymous users.
OPEN = [
    "sprite/",
    "login/",
    "password_reset/",
    "password_reset/done/",
    "password_reset/confirm/<uidb64>/<token>/",
    "password_reset/complete/",
    "invitation/<uidb64>/<token>/",
    "jsi18n/",
]
# URLs that the site has closed for everybody.
CLOSED = ["failwhale/", "embeds/", "embeds/chooser/", "embeds/chooser/upload/"]


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


def test_anonymous_users_are_redirected_to_the_login_form():
    world = World()
    addresses = [address for address in every_address() if address.path not in OPEN + CLOSED]
    for address in addresses:
        for method in ("GET", "POST"):
            response = requests.send(world, "N", address, method)
            assert requests.redirects_to_login(response), f"{method} {address.path}: {response.status_code}"


def test_open_urls_are_open(client):
    for path in OPEN:
        address = next(address for address in every_address() if address.path == path)
        assert client.get(address.url(None, "N")).status_code == 200, path


def test_an_account_without_a_group_can_open_nothing():
    world = World()
    world.cookies["N"] = world.sign_in(User.objects.create_user("nobody yet"))
    for address in every_address():
        if address.path not in OPEN + CLOSED:
            response = requests.send(world, "N", address, "GET")
            assert requests.redirects_to_login(response), address.path
