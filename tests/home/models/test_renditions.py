"""Renditions are made ahead: the first when an image is saved, the others by the worker."""

import re
from io import BytesIO

import PIL.Image
import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from home.files.errors import StoreAway
from home.models import PartnerPage, SiteImage, SiteRendition
from home.models.library.renditions import ALL, FIRST, make_renditions
from leadwatch.page_cache.versions import content_version
from tests.support import factories
from timeline.models import EventPage

pytestmark = pytest.mark.django_db
SPECS = {each.spec for each in ALL}


def photo(size=(1600, 1000), name="street.jpg", color="teal"):
    content = BytesIO()
    PIL.Image.new("RGB", size, color).save(content, "JPEG")
    return factories.ContentFile(content.getvalue(), name=name)


def body_of(*images):
    values = [{"image": image.pk, "decorative": False, "alt_text": image.description} for image in images]
    return [{"type": "image", "value": {"image": value}} for value in values]


def specs_of(image):
    return set(SiteRendition.objects.filter(image=image).values_list("filter_spec", flat=True))


def files():
    return set(SiteRendition._meta.get_field("file").storage.listdir("images")[1])


@pytest.fixture(autouse=True)
def queue(settings, monkeypatch):
    """Keep tasks for the worker."""
    # The worker would close the connection, and with it the test's transaction.
    monkeypatch.setattr(connection, "close", lambda: None)
    settings.TASKS = {"default": {"BACKEND": "leadwatch.processes.task_backend.Backend"}}


def work():
    call_command("db_worker", batch=True, verbosity=0, startup_delay=False)


def shown(client, page):
    """Return the HTML of the images in the main part of a page."""
    response = client.get(page.url)
    assert response.status_code == 200
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.findall(r"<picture>.*?</picture>", main, re.DOTALL)


def size_of(html):
    return re.search(r'<img[^>]* width="(\d+)"', html)[1], re.search(r'<img[^>]* height="(\d+)"', html)[1]


def formats_of(html):
    return re.findall(r'type="image/(\w+)"', html)


def test_a_page_shows_the_jpeg_at_once_and_better_formats_when_the_worker_has_made_them(client):
    image = factories.make_image(file=photo())
    event = factories.make_event(lead_image=image)
    assert specs_of(image) == {FIRST.spec}
    [before] = shown(client, event)
    assert before.count("<source") == 0
    assert re.search(r' src="/media/images/[^"]*\.jpg"', before)
    assert size_of(before) == ("1200", "750")
    assert "sizes" not in before
    version = content_version()
    work()
    assert specs_of(image) == SPECS
    assert content_version() != version
    [after] = shown(client, event)
    assert formats_of(after) == ["avif", "webp"]
    # Nothing moves when the other formats appear.
    assert size_of(after) == size_of(before)
    assert after.count(" 400w") == after.count(" 800w") == after.count(" 1200w") == 3


def test_the_last_rendition_of_a_narrow_image_is_as_wide_as_the_image(client):
    image = factories.make_image(file=photo((500, 300)))
    event = factories.make_event(lead_image=image)
    work()
    [html] = shown(client, event)
    assert re.findall(r"jpg (\d+)w", html) == ["500", "400"]
    small = factories.make_image(file=photo((300, 200)))
    work()
    [html] = shown(client, factories.make_event(lead_image=small))
    assert html.count("<source") == 2
    assert "sizes" not in html


@pytest.fixture
def no_encoding(monkeypatch):
    def fail(*args, **kwargs):
        raise AssertionError("An image was encoded.")

    def forbid():
        monkeypatch.setattr(PIL.Image.Image, "save", fail)
        monkeypatch.setattr(SiteImage, "generate_rendition_file", fail)

    return forbid


@pytest.mark.parametrize("state", ["fresh", "without any", "complete"])
def test_no_visitor_waits_for_a_rendition(client, no_encoding, state):
    image = factories.make_image(file=photo())
    every = {"lead_image": image, "listing_image": image, "social_image": image, "body": body_of(image)}
    event = factories.make_event(**every)
    partner = factories.make_partner(logo=image, social_image=image, body=body_of(image))
    if state == "complete":
        work()
    elif state == "without any":
        SiteRendition.objects.all().delete()
    no_encoding()
    timeline = event.get_parent().url
    pages = [event.url, partner.url, timeline, f"{timeline}embed/", f"{timeline}feed/", "/feed/", "/"]
    others = [f"{timeline}events.{kind}" for kind in ("json", "csv", "xlsx")]
    others += ["/search/?q=event", f"/oembed/?url={event.full_url}"]
    for address in pages + others:
        response = client.get(address)
        assert response.status_code == 200, address
        response.getvalue()
    html = client.get(event.url).content.decode()
    assert ("This image cannot be shown." in html) == (state == "without any")
    assert specs_of(image) == {"fresh": {FIRST.spec}, "without any": set(), "complete": SPECS}[state]


def test_a_logo_has_a_small_rendition_and_until_then_the_jpeg(client):
    partner = factories.make_partner(logo=factories.make_image(file=photo()))
    [before] = shown(client, partner)
    assert 'class="partner-logo"' in before
    assert size_of(before) == ("128", "80")
    work()
    [after] = shown(client, partner)
    assert formats_of(after) == ["avif", "webp"]
    assert size_of(after) == ("128", "80")
    assert 'loading="eager"' in after


def test_only_the_first_image_of_a_page_is_loaded_before_it_is_needed(client):
    images = [factories.make_image(file=photo()) for _number in range(3)]
    event = factories.make_event(lead_image=images[0], body=body_of(*images[1:]))
    html = shown(client, event)
    assert [re.search(r'loading="(\w+)"', each)[1] for each in html] == ["eager", "lazy", "lazy"]
    assert [each.count('fetchpriority="high"') for each in html] == [1, 0, 0]
    overview = factories.make_standard_page(body=body_of(*images[1:]))
    html = shown(client, overview)
    assert [re.search(r'loading="(\w+)"', each)[1] for each in html] == ["eager", "lazy"]


def test_the_number_of_queries_does_not_grow_with_the_images(client):
    images = [factories.make_image(file=photo()) for _number in range(6)]
    work()
    one = factories.make_event(lead_image=images[0], body=body_of(images[0]))
    many = factories.make_event(lead_image=images[0], body=body_of(*images))
    client.get(one.url)
    with connection.execute_wrapper(counter := Counter()):
        assert len(shown(client, one)) == 2
    few, counter.count, counter.renditions = counter.count, 0, 0
    with connection.execute_wrapper(counter):
        assert len(shown(client, many)) == 7
    assert counter.count == few
    assert counter.renditions == 1


class Counter:
    count = renditions = 0

    def __call__(self, execute, sql, *args):
        self.count += 1
        self.renditions += "siterendition" in sql
        return execute(sql, *args)


def test_two_uses_of_an_image_have_their_own_descriptions(client):
    image = factories.make_image(file=photo(), description="In the library")
    body = body_of(image, image)
    for number, block in enumerate(body):
        block["value"]["image"]["alt_text"] = f"Description {number}"
    html = shown(client, factories.make_event(lead_image=image, body=body))
    assert [re.search('alt="([^"]*)"', each)[1] for each in html] == [
        *("In the library", "Description 0", "Description 1")
    ]


def test_a_replaced_file_has_no_renditions_of_the_old_one(django_capture_on_commit_callbacks):
    image = factories.make_image(file=photo())
    work()
    before = {name.rpartition("/")[2] for name in image.renditions.values_list("file", flat=True)}
    assert before <= files()
    slow = SiteImage.objects.get(pk=image.pk)
    with django_capture_on_commit_callbacks(execute=True):
        image.file = photo(name="blurred.jpg", color="black")
        image.save()
    work()
    assert specs_of(image) == SPECS
    assert not before & files()
    # A worker that began with the old file is too late.
    SiteRendition.objects.all().delete()
    there = files()
    slow.file = image.file.storage.open(image.file.name)
    slow.file.name = "original_images/street.jpg"
    slow.file.storage.save(slow.file.name, photo())
    slow.make(ALL)
    assert not SiteRendition.objects.exists()
    assert files() == there


def test_the_form_replaces_the_file_and_its_renditions(admin_client, django_capture_on_commit_callbacks):
    image = factories.make_image(file=photo())
    work()
    old = SiteRendition.objects.get(image=image, filter_spec=FIRST.spec).file.name
    fields = {"title": "New", "description": "People", "people": "nobody", "file": photo(color="red")}
    with django_capture_on_commit_callbacks(execute=True):
        address = reverse("wagtailimages:edit", args=[image.pk])
        assert admin_client.post(address, fields).status_code == 302
    assert specs_of(image) == {FIRST.spec}
    assert SiteRendition.objects.get(image=image).file.name != old
    work()
    assert specs_of(image) == SPECS


def test_a_new_focal_point_makes_a_new_rendition_for_sharing():
    image = factories.make_image(file=photo())
    work()
    image.focal_point_x = image.focal_point_y = image.focal_point_width = image.focal_point_height = 100
    image.save()
    assert [each.spec for each in image.missing_renditions()] == ["fill-1200x630|format-jpeg"]
    work()
    assert image.missing_renditions() == []


def test_an_image_that_is_withheld_has_none():
    consent = {"people": "agreed", "consent_from": "Somebody", "consent_on": "2020-01-01"}
    image = factories.make_image(file=photo(), consent_withdrawn=True, **consent)
    work()
    assert specs_of(image) == set()
    image.consent_withdrawn = False
    image.save()
    SiteImage.objects.filter(pk=image.pk).update(consent_withdrawn=True)
    work()
    assert specs_of(image) == {FIRST.spec}


def test_the_files_of_a_deleted_image_are_deleted(django_capture_on_commit_callbacks):
    before = files()
    image = factories.make_image(file=photo())
    work()
    assert len(files() - before) == len(SPECS)
    late = SiteImage.objects.get(pk=image.pk)
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    work()
    assert files() == before
    late.file.storage.save(late.file.name, photo())
    late.make(ALL)
    assert files() == before


def test_a_format_that_fails_is_left_out(client, monkeypatch, caplog):
    image = factories.make_image(file=photo())
    make = SiteImage.generate_rendition_file

    def fail_for_avif(self, filter, **options):
        if "avif" in filter.spec:
            raise OSError("broken")
        return make(self, filter, **options)

    monkeypatch.setattr(SiteImage, "generate_rendition_file", fail_for_avif)
    work()
    [html] = shown(client, factories.make_event(lead_image=image))
    assert formats_of(html) == ["webp"]
    assert f"Image {image.pk} cannot be shown" in caplog.text


def test_the_worker_tries_again_when_the_store_was_away(monkeypatch):
    image = factories.make_image(file=photo())

    def fail(*args, **kwargs):
        raise StoreAway("away")

    with monkeypatch.context() as patch:
        patch.setattr(image.file.storage, "open", fail)
        work()
    assert specs_of(image) == {FIRST.spec}
    again = DBTaskResult.objects.get(task_path=make_renditions.module_path)
    assert again.run_after > timezone.now()
    # It is the only one.
    call_command("make_renditions", verbosity=0)
    assert DBTaskResult.objects.get(finished_at=None) == again


def test_the_images_of_an_older_site_get_theirs_once():
    images = [factories.make_image(file=photo()) for _number in range(2)]
    work()
    SiteRendition.objects.exclude(filter_spec=FIRST.spec).delete()
    DBTaskResult.objects.all().delete()
    for _time in range(2):
        call_command("make_renditions", verbosity=0)
        assert DBTaskResult.objects.ready().count() == 2
    work()
    assert all(specs_of(image) == SPECS for image in images)
    call_command("make_renditions", verbosity=0)
    assert not DBTaskResult.objects.ready().exists()


def test_two_workers_store_each_rendition_once():
    image = factories.make_image(file=photo())
    before = files()
    first, second = (SiteImage.objects.get(pk=image.pk) for _number in range(2))
    filters = first.missing_renditions()
    first.make(filters)
    second.make(filters)
    assert specs_of(image) == SPECS
    assert len(files() - before) == len(filters)


def test_the_models_with_images_tell_the_page_which_they_show():
    image = factories.make_image()
    event = EventPage(lead_image=image)
    partner = PartnerPage(logo=image)
    assert event.images == partner.images == [image]
