import pytest
from django.urls import reverse

from home.models import SiteSettings
from tests.support import factories


@pytest.mark.django_db
def test_the_settings_lead_to_the_pages_in_the_footer(admin_client):
    privacy = factories.make_standard_page(title="Privacy")
    draft = factories.make_standard_page(title="Not yet", live=False)
    address = reverse("wagtailsettings:edit", args=["home", "sitesettings", SiteSettings.load().pk])
    html = admin_client.get(address).content.decode()
    assert f'<a href="{reverse("wagtailadmin_pages:edit", args=[privacy.pk])}">Privacy</a>' in html
    assert draft.title not in html
