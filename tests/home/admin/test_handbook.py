import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from home.admin.handbook import handbook

pytestmark = pytest.mark.django_db

HELP = "/admin/help/"


def test_the_admin_shows_the_handbook_of_the_repository(admin_client):
    html = admin_client.get(HELP).content.decode()
    for heading in re.findall(r"^##+ (.+)$", (settings.BASE_DIR / "docs" / "editors.md").read_text(), re.M):
        assert f">{heading}</h" in html


def test_the_help_menu_links_to_the_handbook_and_no_other_site(admin_client):
    html = admin_client.get("/admin/").content.decode()
    assert "/admin/help/" in html
    assert "guide.wagtail.org" not in html


def test_links_in_the_handbook_lead_to_its_headings():
    html = handbook().text + handbook().contents
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{anchor}"' in html, anchor


def test_the_images_of_the_handbook_exist():
    pictures = re.findall(r'<img alt="([^"]*)" src="([^"]+)"', handbook().text)
    assert pictures
    for words, address in pictures:
        assert words
        assert finders.find(address.removeprefix(settings.STATIC_URL)), address


def test_the_handbook_needs_a_sign_in(client):
    assert client.get(HELP).status_code == 302
