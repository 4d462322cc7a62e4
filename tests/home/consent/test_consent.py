"""An image whose consent has ended is taken out of everything that visitors get, at once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.consent.models import People
from home.models import SiteImage
from leadwatch.page_cache.versions import content_version
from tests.support import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
# What visitors must not get once the consent has ended.
SECRETS = ["/media/images/", "Planted caption", "Planted words", "Planted credit", "Planted Person"]


def make_portrait(**fields):
    consent = {"people": People.AGREED, "consent_from": "Planted Person", "consent_on": TODAY}
    words = {"description": "Planted words", "credit": "Planted credit"}
    return factories.make_image(**(consent | words | fields))


def body_of(image):
    picture = {"image": image.pk, "decorative": False, "alt_text": "Planted words"}
    return [
        {"type": "image", "value": {"image": picture, "caption": "Planted caption"}},
        {"type": "video", "value": {"still": picture, "title": "A talk", "url": "https://example.org/"}},
    ]


def end_by_date(image):
    """Let the last day of the consent be yesterday, as it is after midnight."""
    SiteImage.objects.filter(pk=image.pk).update(consent_until=TODAY - timedelta(days=1))
    call_command("withhold_images", verbosity=0)


def withdraw(image):
    image.consent_withdrawn = True
    image.save()


@pytest.fixture(params=[end_by_date, withdraw])
def end(request, django_capture_on_commit_callbacks):
    def end(image):
        with django_capture_on_commit_callbacks(execute=True):
            request.param(image)

    return end


@pytest.fixture
def portrait():
    return make_portrait(consent_until=TODAY)


@pytest.fixture
def addresses(portrait):
    """The addresses of everything that shows the image, and one of its renditions."""
    imported = {"media": {"url": "https://example.org/a.jpg", "caption": "Planted caption"}}
    images = {"lead_image": portrait, "listing_image": portrait, "social_image": portrait}
    event = factories.make_event(body=body_of(portrait), imported=imported, **images)
    partner = factories.make_partner(logo=portrait, social_image=portrait)
    timeline = event.get_parent().url
    return [
        *(event.url, partner.url, timeline, f"{timeline}embed/", f"{timeline}feed/", "/feed/"),
        *(f"{timeline}events.{extension}" for extension in ("json", "csv", "xlsx")),
        *("/search/?q=Planted", f"/oembed/?url={event.full_url}"),
    ]


def content_of(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.getvalue().decode(errors="replace")


def test_an_image_is_shown_to_the_last_day_and_then_nowhere(client, addresses, portrait, end):
    before = "".join(content_of(client, address) for address in addresses)
    for secret in SECRETS[:-1]:
        assert secret in before, secret
    end(portrait)
    for address in addresses:
        content = content_of(client, address)
        for secret in SECRETS:
            assert secret not in content, (address, secret)


def test_the_page_has_its_cover_instead(client, addresses, portrait, end):
    assert "/cover/" not in content_of(client, addresses[0])
    end(portrait)
    html = content_of(client, addresses[0])
    assert '<svg class="cover"' in html
    assert "/cover/" in html
    assert "A talk" in html
    assert "cannot be shown" not in html


def test_its_renditions_are_gone_for_visitors_but_not_for_editors(
    client, admin_client, addresses, portrait, end
):
    url = portrait.get_rendition("width-20").url
    response = client.get(url)
    assert response["Cache-Control"] == "public, no-cache"
    assert client.get(url, headers={"if-none-match": response["ETag"]}).status_code == 304
    end(portrait)
    assert client.get(url, headers={"if-none-match": response["ETag"]}).status_code == 404
    assert admin_client.get(url).status_code == 200


def test_readers_of_a_private_page_do_not_get_it_either(client, portrait, end):
    event = factories.make_event(lead_image=portrait)
    url = portrait.get_rendition("width-20").url
    restriction = PageViewRestriction.objects.create(
        page=event, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    action = f"/_util/authenticate_with_password/{restriction.pk}/{event.pk}/"
    client.post(action, {"password": "open sesame", "return_url": event.url})
    assert client.get(url).status_code == 200
    end(portrait)
    assert client.get(url).status_code == 404


def test_cached_pages_are_left_behind_once(portrait):
    image = SiteImage.objects.filter(pk=portrait.pk)
    image.update(consent_until=TODAY - timedelta(days=1))
    before = content_version()
    call_command("withhold_images", verbosity=0)
    after = content_version()
    assert after != before
    call_command("withhold_images", verbosity=0)
    assert content_version() == after


def test_an_image_is_shown_again_with_a_new_consent(
    client, portrait, end, django_capture_on_commit_callbacks
):
    event = factories.make_event(lead_image=portrait, body=body_of(portrait))
    end(portrait)
    assert event.title not in content_of(client, "/search/?q=Planted")
    portrait.refresh_from_db()
    portrait.consent_withdrawn, portrait.consent_until = False, None
    with django_capture_on_commit_callbacks(execute=True):
        portrait.save()
    assert "Planted caption" in content_of(client, event.url)
    assert event.title in content_of(client, "/search/?q=Planted")
    assert not SiteImage.objects.get().is_left_out


@pytest.mark.parametrize("people", ["", People.NOBODY, People.PUBLIC])
def test_other_images_are_shown_whatever_else_is_noted(client, people):
    image = make_portrait(people=people, consent_withdrawn=True, consent_until=TODAY - timedelta(days=9))
    event = factories.make_event(lead_image=image)
    assert "/media/images/" in content_of(client, event.url)
    assert not SiteImage.objects.withheld().exists()


def test_the_editor_of_a_page_hears_of_it(portrait, end):
    event = factories.make_event(lead_image=portrait, body=body_of(portrait))
    end(portrait)
    event.refresh_from_db()
    event.lead_image.refresh_from_db()
    words = [problem.words for problem in event.problems()]
    assert any("no longer agree" in line for line in words)
    event.save_revision().publish()


def test_names_are_forgotten_when_nobody_can_be_recognized():
    image = make_portrait(consent_until=TODAY)
    image.people = People.NOBODY
    assert image.clean_consent() == {}
    assert (image.consent_from, image.consent_on, image.consent_until) == ("", None, None)


def test_a_consent_names_somebody_and_a_day():
    image = make_portrait(consent_from="", consent_on=None)
    assert set(image.clean_consent()) == {"consent_from", "consent_on"}
    image = make_portrait(consent_until=TODAY - timedelta(days=1))
    assert set(image.clean_consent()) == {"consent_until"}


def test_the_name_is_on_no_screen_but_the_form_of_the_image(admin_client, portrait):
    event = factories.make_event(lead_image=portrait)
    form = admin_client.get(reverse("wagtailimages:edit", args=[portrait.pk])).content.decode()
    assert "Planted Person" in form
    for address in (
        reverse("wagtailimages:index"),
        reverse("wagtailimages_chooser:choose"),
        reverse("ending_consents"),
        reverse("ending_consents") + "?export=csv",
        reverse("wagtailadmin_pages:edit", args=[event.pk]),
        reverse("wagtailadmin_reports:site_history"),
    ):
        response = admin_client.get(address)
        assert response.status_code == 200
        assert "Planted Person" not in response.getvalue().decode(), address
