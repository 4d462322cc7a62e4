"""A made-up name of the host is refused, and shows up nowhere."""

import re
from itertools import product

import pytest
from django.core import mail

from home.models import User
from tests.support import factories

pytestmark = pytest.mark.django_db

HOST = "leadwatch.example.org"
HOSTS = [
    "evil.example",
    "evil.example:80",
    f"{HOST}.evil.example",
    f"evil-{HOST}",
    f"evil.{HOST}",
    f"{HOST}@evil.example",
    f"evil.example#{HOST}",
    f"evil.example/{HOST}",
    f"{HOST} evil.example",
    f"{HOST}, evil.example",
    f"{HOST}:evil",
    "evil_host",
    "[::ffff:evil]",
    "203.0.113.9",
    "<script>evil</script>",
]
FORWARDED = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-server": "evil.example",
    "x-forwarded-port": "6666",
    "x-host": "evil.example",
    "x-original-host": "evil.example",
    "x-original-url": "/evil/",
    "x-rewrite-url": "/evil/",
    "forwarded": "host=evil.example",
}


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.ALLOWED_HOSTS = [HOST]


@pytest.fixture
def addresses(neighbors):
    contact = factories.make_contact()
    paths = ["/", "/timeline/", "/timeline", "/timeline/share/", "/timeline/embed/", "/timeline/events.json"]
    paths += ["/search/?q=LEAD", "/nothing/", "/sitemap.xml", "/feed/", "/robots.txt", "/embed.js"]
    paths += ["/.well-known/security.txt", "/admin/", "/admin/login/", "/admin/password_reset/"]
    return [
        *paths,
        neighbors.url,
        contact.url,
        f"/oembed/?url={neighbors.full_url}",
        f"/contact-message/{contact.pk}/",
    ]


def text_of(response):
    return b"".join(response).decode() + str(response.headers)


def test_another_host_is_refused_everywhere(client, addresses):
    for host, address in product(HOSTS, addresses):
        response = client.get(address, headers={"host": host})
        assert response.status_code == 400, (host, address)
        assert not re.search("evil|203.0.113.9", text_of(response)), (host, address)


def test_headers_for_proxies_change_nothing(client, addresses):
    for address in addresses:
        usual = client.get(address, headers={"host": HOST})
        for name, value in FORWARDED.items():
            response = client.get(address, headers={"host": HOST, name: value})
            assert response.status_code == usual.status_code
            assert not re.search("evil|6666", text_of(response)), (name, address)


def test_another_port_appears_in_no_link(client, addresses):
    for address in addresses:
        assert "6666" not in text_of(client.get(address, headers={"host": f"{HOST}:6666"})), address


def test_the_link_for_a_new_password_leads_here(client, settings):
    User.objects.create_user("a", "a@example.org", "secret words")
    headers = FORWARDED | {"host": f"{HOST}:6666"}
    client.post("/admin/password_reset/", {"email": "a@example.org"}, headers=headers)
    (letter,) = mail.outbox
    assert f"{settings.BASE_URL}/admin/password_reset/confirm/" in letter.body
    assert not re.search("evil|6666", letter.message().as_string())
