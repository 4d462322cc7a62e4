import pytest
from django.urls import reverse

from timeline.models import EmbedSettings


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("framing", "origins", "warns"),
    [
        ("listed", "", True),
        ("listed", " \n", True),
        ("listed", "https://swan.example", False),
        ("all", "", False),
    ],
)
def test_a_list_without_sites_is_saved_with_a_warning(admin_client, framing, origins, warns):
    address = reverse("wagtailsettings:edit", args=["timeline", "embedsettings", EmbedSettings.load().pk])
    data = {"framing": framing, "origins": origins}
    html = admin_client.post(address, data, follow=True).content.decode()
    assert ("so no other site may show a timeline" in html) == warns
    assert EmbedSettings.objects.get().framing == framing
