import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

from home.admin.handbook import handbook

pytestmark = pytest.mark.django_db

HELP = "/admin/help/"


def test_the_handbook_in_the_admin_is_the_one_of_the_repository(admin_client):
    html = admin_client.get(HELP).content.decode()
    for heading in re.findall(r"^##+ (.+)$", (settings.BASE_DIR / "docs" / "editors.md").read_text(), re.M):
        assert f">{heading}</h" in html


def test_the_menu_leads_to_the_handbook_and_to_no_other_site(admin_client):
    html = admin_client.get("/admin/").content.decode()
    assert "/admin/help/" in html
    assert "guide.wagtail.org" not in html


def test_each_link_within_the_handbook_leads_to_a_heading():
    html = handbook().text + handbook().contents
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{anchor}"' in html, anchor


def test_each_picture_of_the_handbook_is_there():
    pictures = re.findall(r'<img alt="([^"]*)" src="([^"]+)"', handbook().text)
    assert pictures
    for words, address in pictures:
        assert words
        assert finders.find(address.removeprefix(settings.STATIC_URL)), address


def test_nobody_reads_it_without_signing_in(client):
    assert client.get(HELP).status_code == 302
