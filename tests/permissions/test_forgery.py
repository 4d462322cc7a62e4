"""Another site can do nothing with the session of somebody who is signed in here."""

import pytest
from django.db import connection
from django.test import Client

from tests.support.permissions.addresses import every_address
from tests.support.permissions.requests import Writes, rendering_disabled
from tests.support.permissions.world import World

pytestmark = pytest.mark.django_db


def test_no_form_of_the_admin_is_accepted_from_another_site():
    world = World()
    client = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
    client.cookies.load(world.cookies["A"])
    addresses = {address.url(world, "A"): address for address in every_address()}
    assert len(addresses) > 400
    tried = [("POST", url, address.data_for(world, "A")) for url, address in addresses.items()]
    # Django treats other methods alike.
    tried += [(method, url, {}) for method in ("PUT", "PATCH", "DELETE") for url in list(addresses)[::10]]
    writes = Writes()
    with rendering_disabled(), connection.execute_wrapper(writes):
        for method, url, data in tried:
            response = client.post(url, data) if data else client.generic(method, url)
            assert response.status_code in (403, 404), f"{method} {url}: {response.status_code}"
    assert writes.statements == []
