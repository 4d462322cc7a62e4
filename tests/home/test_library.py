"""Images and files are served to visitors who may read something that uses them, and to editors."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import InMemoryStorage, default_storage
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction, ReferenceIndex

from home.models import DocumentSource, FigureSource, SiteImage, SiteRendition, User
from leadwatch.groups import set_up_groups
from tests.support import factories
from timeline.models import EventSource

pytestmark = pytest.mark.django_db


class Image:
    """An image in the body of a page."""

    def __init__(self, **fields):
        self.thing = factories.make_image(**fields)
        self.url = self.thing.get_rendition("width-20").url

    def paths(self):
        return [self.thing.renditions.get(filter_spec="width-20").file.name]

    def fields(self):
        return {"body": [{"type": "image", "value": {"image": block_of(self.thing), "caption": ""}}]}


class File:
    """A file of a source."""

    def __init__(self, **fields):
        self.thing = factories.make_file(**fields)
        self.url = self.thing.url

    def paths(self):
        return [self.thing.file.name]

    def fields(self):
        return {"sources": [EventSource(**factories.source_fields(document=self.thing))]}


class PageOfFile(File):
    """The image of a page of a file of a source."""

    def __init__(self, **fields):
        super().__init__(**fields)
        self.page = factories.make_file_page(self.thing)
        self.url = self.page.images[-1][0]

    def paths(self):
        return self.page.files


def block_of(image):
    return {"image": image.pk, "decorative": False, "alt_text": "A street"}


@pytest.fixture(params=[Image, File, PageOfFile])
def make(request):
    return request.param


def is_served(client, thing):
    """Return whether the file is served rather than not found."""
    response = client.get(thing.url)
    assert response.status_code in (200, 404)
    return response.status_code == 200


def test_unused_files_are_not_found(client, make):
    assert not is_served(client, make())


def test_files_of_a_page_are_served_while_the_page_is_public(client, make):
    thing = make()
    draft = factories.make_event(live=False, **thing.fields())
    assert not is_served(client, thing)
    draft.get_latest_revision().publish()
    assert is_served(client, thing)
    draft.refresh_from_db()
    draft.unpublish()
    assert not is_served(client, thing)


def test_files_of_draft_changes_are_not_found(client, make):
    thing = make()
    event = factories.make_event()
    for name, value in thing.fields().items():
        setattr(event, name, value)
    revision = event.save_revision()
    assert not is_served(client, thing)
    revision.publish()
    assert is_served(client, thing)


def test_files_of_earlier_versions_are_not_found(client, make):
    thing = make()
    event = factories.make_event(**thing.fields())
    assert is_served(client, thing)
    event.body, event.sources = [], [EventSource(**factories.source_fields())]
    event.save_revision().publish()
    assert not is_served(client, thing)


def test_files_of_a_private_page_are_served_after_its_password(client, make):
    thing = make()
    event = factories.make_event(**thing.fields())
    restriction = PageViewRestriction.objects.create(
        page=event.get_parent(), restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    assert not is_served(client, thing)
    action = f"/_util/authenticate_with_password/{restriction.pk}/{event.pk}/"
    client.post(action, {"password": "open sesame", "return_url": event.url})
    assert is_served(client, thing)
    assert client.get(thing.url)["Cache-Control"] == "private, no-store"


def test_files_of_a_copy_of_a_private_page_are_private(client, make):
    thing = make()
    event = factories.make_event(**thing.fields())
    event.create_alias(update_slug="copy")
    assert is_served(client, thing)
    PageViewRestriction.objects.create(page=event, restriction_type=PageViewRestriction.LOGIN)
    assert not is_served(client, thing)


def test_images_of_private_collections_are_not_found(client):
    collection = Collection.get_first_root_node().add_child(name="Kept back")
    picture = Image(collection=collection)
    event = factories.make_event(lead_image=picture.thing, **picture.fields())
    partner = factories.make_partner(logo=picture.thing)
    addresses = [event.url, partner.url, "/timeline/events.json"]
    assert is_served(client, picture)
    assert all("/media/images/" in client.get(url).getvalue().decode() for url in addresses)
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert not is_served(client, picture)
    assert not any("/media/images/" in client.get(url).getvalue().decode() for url in addresses)
    assert "This image cannot be shown." in client.get(event.url).content.decode()


def test_only_users_who_may_choose_a_file_can_open_it(client, make):
    set_up_groups(factories.make_home())
    thing = make()
    editor, reader = User.objects.create_user("editor"), User.objects.create_user("reader")
    editor.groups.add(Group.objects.get(name="Contributors"))
    client.force_login(reader)
    assert not is_served(client, thing)
    client.force_login(editor)
    assert is_served(client, thing)
    assert client.get(thing.url)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("field", ["lead_image", "listing_image", "social_image"])
def test_images_of_all_fields_are_served(client, field):
    picture = Image()
    factories.make_event(**{field: picture.thing})
    assert is_served(client, picture)


def test_logos_stills_and_files_of_figures_are_served(client):
    logo, still, file, linked, record = Image(), Image(), File(), File(), File()
    factories.make_partner(logo=logo.thing)
    video = {"still": block_of(still.thing), "title": "Talk", "url": "https://example.org/", "duration": ""}
    link = f'<p><a linktype="document" id="{linked.thing.pk}">there</a></p>'
    factories.make_standard_page(body=[{"type": "video", "value": video}, {"type": "text", "value": link}])
    factories.make_document(file=record.thing, sources=[DocumentSource(**factories.source_fields())])
    figure = factories.make_figure()
    figure.sources = [FigureSource(**factories.source_fields(document=file.thing))]
    figure.save()
    assert all(is_served(client, each) for each in (logo, still, file, linked, record))
    figure.live = False
    figure.save()
    assert not is_served(client, file)


def test_browsers_revalidate_images_soon(client):
    picture = Image()
    factories.make_event(**picture.fields())
    response = client.get(picture.url)
    assert response["Cache-Control"] == "public, max-age=300"
    again = client.get(picture.url, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_the_name_of_a_rendition_cannot_be_guessed_from_another():
    first, second = factories.make_image(), factories.make_image()
    urls = {image.get_rendition("width-20").url.rpartition("/")[2] for image in (first, second)}
    assert len({url.split(".")[-2] for url in urls}) == 2
    assert all(len(url.split(".")[-2]) == 16 for url in urls)


def test_files_in_a_bucket_are_served_by_this_site(client, monkeypatch):
    bucket = InMemoryStorage(base_url="https://bucket.example.org/")
    monkeypatch.setattr(SiteImage._meta.get_field("file"), "storage", bucket)
    monkeypatch.setattr(SiteRendition._meta.get_field("file"), "storage", bucket)
    picture = Image()
    factories.make_event(**picture.fields())
    assert picture.url.startswith("/media/images/")
    assert client.get(picture.url).getvalue()[:2] == b"\xff\xd8"


def test_the_number_of_queries_does_not_depend_on_the_number_of_uses(client, django_assert_max_num_queries):
    picture = Image()
    for _number in range(4):
        factories.make_event(**picture.fields())
    client.get(picture.url)
    with django_assert_max_num_queries(4):
        assert is_served(client, picture)


def test_the_reference_index_is_updated_without_a_worker(client, settings):
    settings.TASKS = {"default": {"BACKEND": "leadwatch.processes.task_backend.Backend"}}
    file = File()
    DBTaskResult.objects.all().delete()
    factories.make_event(**file.fields())
    assert ReferenceIndex.get_references_to(file.thing).exists()
    assert not DBTaskResult.objects.filter(task_path__contains="reference_index").exists()
    assert is_served(client, file)


def test_missing_files_are_not_found(client, make):
    thing = make()
    factories.make_event(**thing.fields())
    for path in thing.paths():
        default_storage.delete(path)
    assert not is_served(client, thing)


def test_unknown_names_are_not_found(client):
    assert client.get("/media/images/none.jpg").status_code == 404
    assert client.get("/media/original_images/photo.jpg").status_code == 404
    assert client.get("/files/99999999999999999999/none.txt").status_code == 404


def test_no_response_with_an_upload_can_run_anything(client, admin_client):
    """Check every address of an upload: public, behind a password, and in the admin."""
    picture, file, private = Image(), File(), File(name="private.csv")
    factories.make_event(lead_image=picture.thing, **file.fields())
    event = factories.make_event(**private.fields())
    restriction = PageViewRestriction.objects.create(
        page=event, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    action = f"/_util/authenticate_with_password/{restriction.pk}/{event.pk}/"
    client.post(action, {"password": "open sesame", "return_url": event.url})
    preview = reverse("wagtailimages:preview", args=[picture.thing.pk, "width-20"])
    responses = [
        *(client.get(url) for url in (picture.url, file.url, private.url)),
        *(admin_client.get(url) for url in (picture.url, file.url, private.url, preview)),
        client.get(reverse("wagtaildocs_serve", args=[file.thing.pk, "another-name.html"])),
    ]
    for response in responses:
        address = response.request["PATH_INFO"]
        if response.status_code == 404 and "another-name" in address:
            continue
        assert response.status_code == 200, address
        policy = [part.strip() for part in response["Content-Security-Policy"].split(";")]
        assert {"sandbox", "default-src 'none'", "frame-ancestors 'none'"} <= set(policy), address
        assert response["X-Content-Type-Options"] == "nosniff", address
        if "/files/" in address:
            assert response["Content-Disposition"].startswith("attachment"), address
            assert "html" not in response["Content-Type"], address
        else:
            assert response["Content-Type"].startswith("image/"), address
