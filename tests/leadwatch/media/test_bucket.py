"""Media in an S3-compatible bucket: a real server that answers, stops, hangs and comes back."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image
from wagtail.models import Collection, CollectionViewRestriction

from home.consent.models import People
from home.files.errors import StoreAway
from home.models import FileText, SiteDocument, SiteImage, SiteRendition
from leadwatch.backups.media import add_missing, media_names
from leadwatch.media import bucket as module
from tests.support import factories
from timeline.models import EventSource

pytestmark = pytest.mark.django_db
# Seconds for the first answer while the bucket hangs, on a busy machine.
PATIENCE = 15


@pytest.fixture
def event(bucket, client):
    """An event with an image and a file. It was shown, so its renditions exist."""
    source = EventSource(**factories.source_fields(document=factories.make_file()))
    event = factories.make_event(lead_image=factories.make_image(), sources=[source])
    client.get(event.url)
    return event


@contextmanager
def within(seconds):
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


def picture_url():
    return SiteRendition.objects.first().url


def file_url():
    return SiteDocument.objects.get().url


def test_a_page_and_its_files_come_from_our_own_addresses(client, event, bucket):
    page = client.get(event.url).content.decode()
    assert picture_url() in page
    assert file_url() in page
    picture, file = client.get(picture_url()), client.get(file_url())
    content = picture.getvalue()
    assert picture["Content-Type"].startswith("image/")
    assert picture["Content-Length"] == str(len(content))
    assert file["Content-Type"] == "text/plain"
    assert file["Content-Disposition"].startswith("attachment")
    assert file.getvalue() == b"Minutes of a meeting"
    for response in (picture, file):
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Cache-Control"] == "public, max-age=300"
    # The bucket's address and its signatures appear nowhere.
    for text in (page, str(picture.headers), str(file.headers)):
        assert str(bucket.port) not in text
        assert "Signature" not in text
    assert all(name.startswith(("documents/", "images/", "original_images/")) for name in bucket.names)


@pytest.mark.parametrize("stored", [SiteImage, SiteRendition, SiteDocument])
def test_no_stored_file_gives_away_an_address_of_the_bucket(event, stored):
    file = stored.objects.first().file
    assert file.url == f"/media/{file.name}"


def test_originals_and_documents_are_closed(client, event):
    for thing in (SiteImage.objects.get(), SiteDocument.objects.get()):
        assert client.get(f"/media/{thing.file.name}").status_code == 404


def test_head_conditional_and_partial_requests(client, event, bucket):
    for url in (picture_url(), file_url()):
        whole = client.get(url)
        content = whole.getvalue()
        head = client.head(url)
        assert head.status_code == 200
        assert head["Content-Length"] == str(len(content))
        assert head.getvalue() == b""
        # As from the disk, a part of a file is answered with all of it.
        assert client.get(url, headers={"range": "bytes=0-3"}).getvalue() == content
        # A browser that has the file costs the bucket nothing.
        with bucket.away():
            again = client.get(url, headers={"if-none-match": whole["ETag"]})
        assert again.status_code == 304
        assert again["Cache-Control"] == "public, max-age=300"
        assert client.get(url, headers={"if-none-match": '"old"'}).status_code == 200


def test_an_image_without_consent_disappears_at_once(client, event):
    image = SiteImage.objects.get()
    image.people, image.consent_from = People.AGREED, "Ms. Rivera"
    image.save()
    first = client.get(picture_url())
    assert first["Cache-Control"] == "public, no-cache"
    image.consent_withdrawn = True
    image.save()
    assert client.get(picture_url(), headers={"if-none-match": first["ETag"]}).status_code == 404


def test_files_of_drafts_and_private_collections_are_closed(client, event):
    urls = [picture_url(), file_url()]
    collection = Collection.get_first_root_node().add_child(name="Kept back")
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    SiteImage.objects.update(collection=collection)
    assert client.get(urls[0]).status_code == 404
    event.unpublish()
    assert [client.get(url).status_code for url in urls] == [404, 404]


def test_files_with_the_same_name_never_replace_each_other(bucket):
    names = {factories.make_file(name="report.txt", text=b"%d" % number).file.name for number in range(3)}
    assert len(names) == 3
    assert {default_storage.open(name).read() for name in names} == {b"0", b"1", b"2"}
    assert {name.rpartition("/")[2] for name in names} == {"report.txt"}
    longest = factories.make_file(name=f"{'a' * 120}.txt").file.name
    assert len(longest) == 100
    assert longest.endswith(".txt")


def test_a_restore_stores_files_under_their_own_names(event, bucket, tmp_path):
    names = bucket.names
    assert set(media_names()) == names
    contents = {name: default_storage.open(name).read() for name in names}
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(contents[name])
        default_storage.delete(name)
    assert not bucket.names
    add_missing(tmp_path)
    assert {name: default_storage.open(name).read() for name in bucket.names} == contents


def test_images_and_large_files_are_measured(bucket):
    image = factories.make_image(file=factories.image_file())
    image.refresh_from_db()
    assert (image.width, image.height, len(image.file_hash)) == (60, 40, 40)
    assert image.file_size == len(image.file.storage.open(image.file.name).read())
    rendition = image.get_rendition("width-20")
    assert (rendition.width, rendition.height) == (20, 13)
    with default_storage.open(rendition.file.name) as file:
        assert Image.open(file).size == (20, 13)
    large = default_storage.save("documents/large.bin", ContentFile(bytes(module.LARGEST_IN_MEMORY + 1)))
    assert default_storage.size(large) == len(default_storage.open(large).read())


def test_a_missing_file_is_not_found(client, event, bucket):
    for name in bucket.names:
        bucket.client.delete_object(Bucket=bucket.name, Key=name)
    assert [client.get(url).status_code for url in (picture_url(), file_url())] == [404, 404]
    assert "</html>" in client.get(event.url).content.decode()


def test_the_text_of_a_file_is_read_in_the_child(bucket):
    file = factories.make_file(name="report.pdf", file=factories.pdf_file(["Arrests fell."]))
    assert FileText.objects.get(document=file).pages == ["Arrests fell."]


def rest():
    """Wait until the bucket is asked again."""
    time.sleep(max(0, module.trouble.rest_until - time.monotonic()))


def assert_readers_lose_only_pictures(client, event, patience):
    page = client.get(event.url)
    assert page.status_code == 200
    assert picture_url() in page.content.decode()
    for url, wait in ((picture_url(), patience), (file_url(), patience), (picture_url(), patience)):
        with within(wait):
            response = client.get(url)
        assert response.status_code == 503
        assert response["Cache-Control"] == "no-store"
        assert response["Retry-After"] == "60"
    assert "data-exit-link" in client.get(file_url()).content.decode()


def assert_all_is_back(client, event):
    rest()
    assert [client.get(url).status_code for url in (event.url, picture_url(), file_url())] == [200] * 3


def test_a_bucket_that_is_away_costs_pictures_but_no_pages(client, event, bucket, caplog):
    with bucket.away():
        assert_readers_lose_only_pictures(client, event, 3)
    assert_all_is_back(client, event)
    # One line, however many images are asked for.
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert line == "The bucket fails, so images and files are missing: EndpointConnectionError"


def test_a_bucket_that_hangs_costs_seconds_once(client, event, bucket):
    with bucket.silent():
        with within(PATIENCE):
            assert client.get(picture_url()).status_code == 503
        # Others don't wait.
        with within(1):
            assert client.get(picture_url()).status_code == 503
        with within(1):
            assert client.get(event.url).status_code == 200
    assert_all_is_back(client, event)


def test_while_one_request_tries_a_hanging_bucket_others_do_not_wait(client, event, bucket, monkeypatch):
    monkeypatch.setattr(module, "ANSWERING", 1)
    monkeypatch.setattr(module.trouble, "rest_until", time.monotonic() - 1)
    with bucket.silent():
        name = SiteRendition.objects.first().file.name
        with ThreadPoolExecutor() as pool:
            trying = pool.submit(default_storage.open, name)
            time.sleep(0.5)
            with within(0.5), pytest.raises(StoreAway):
                default_storage.open(name)
            assert isinstance(trying.exception(), StoreAway)


def test_a_bucket_that_is_gone_or_closed_to_us_is_no_missing_file(client, event, bucket):
    for name in bucket.names:
        bucket.client.delete_object(Bucket=bucket.name, Key=name)
    bucket.client.delete_bucket(Bucket=bucket.name)
    assert_readers_lose_only_pictures(client, event, 3)


def test_an_answer_that_breaks_off_is_no_picture(client, event, bucket):
    """The bucket sends the headers and a part of the file."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: 5000\r\n\r\n" + b"x" * 100
    url = picture_url()
    with bucket.away(), socket.create_server(("127.0.0.1", bucket.port)) as listener:

        def serve():
            client, _address = listener.accept()
            client.recv(10_000)
            client.sendall(answer)
            client.close()

        threading.Thread(target=serve, daemon=True).start()
        assert client.get(url).status_code == 503


def test_an_image_without_renditions_is_missing_from_its_page_until_they_are_made(
    client, bucket, tasks, settings, monkeypatch
):
    from leadwatch.page_cache import middleware

    settings.MIDDLEWARE = ["leadwatch.page_cache.middleware.PublicCacheMiddleware", *settings.MIDDLEWARE]
    kept = []
    monkeypatch.setattr(middleware.cache, "set", lambda key, value, seconds=None, **_: kept.append(seconds))
    event = factories.make_event(lead_image=factories.make_image())
    SiteRendition.objects.all().delete()
    with bucket.away():
        work()
        page = client.get(event.url)
        assert page.status_code == 200
        assert "This image cannot be shown." in page.content.decode()
    assert kept[-1] == middleware.LONGEST_INCOMPLETE
    work()
    assert "This image cannot be shown." not in client.get(event.url).content.decode()
    assert kept[-1] == middleware.LONGEST
    assert not SiteRendition.objects.filter(file="").exists()


@pytest.fixture
def tasks(settings, monkeypatch):
    # The worker would close the connection, and with it the test's transaction.
    monkeypatch.setattr(connection, "close", lambda: None)
    settings.TASKS = {"default": {"BACKEND": "leadwatch.processes.task_backend.Backend"}}


def work():
    """Run all tasks, also those that wait for their next attempt."""
    rest()
    DBTaskResult.objects.update(run_after=timezone.now())
    call_command("db_worker", batch=True, verbosity=0, startup_delay=False)


def test_a_deleted_file_leaves_the_bucket_however_long_that_takes(
    event, bucket, tasks, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        SiteImage.objects.get().delete()
    with bucket.away():
        work()
    assert bucket.names > {SiteDocument.objects.get().file.name}
    work()
    assert bucket.names == {SiteDocument.objects.get().file.name}


def test_the_text_of_a_file_is_read_once_the_bucket_is_back(bucket, tasks):
    file = factories.make_file()
    with bucket.away():
        work()
    assert not FileText.objects.exists()
    work()
    assert FileText.objects.get(document=file).pages == ["Minutes of a meeting"]


def test_no_task_contains_a_key(event, bucket, tasks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        SiteDocument.objects.get().delete()
    stored = json.dumps(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))
    assert "leadwatch.media.bucket.Bucket" in stored
    assert "secret" not in stored


def test_old_uploads_are_deleted(bucket):
    from wagtail.models import UploadedFile

    UploadedFile.objects.create(file=ContentFile(b"x", name="a.pdf"))
    call_command("delete_old_uploads", verbosity=0)
    assert UploadedFile.objects.exists()
    with bucket.away(), pytest.raises(StoreAway):
        call_command("delete_old_uploads", verbosity=0)
    assert UploadedFile.objects.exists()
