import json
import os
import time
from io import BytesIO
from pathlib import PurePath

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import RequestFactory
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection, GroupCollectionPermission, UploadedFile

from home.admin.files.titles import readable_title
from home.admin.front import panel
from home.models import SiteDocument, SiteImage
from tests.support import factories
from tests.support.files import SECRET, docx_of, locked, pdf_of, signed
from tests.support.images import photo_with_position, stored
from tests.support.upload_screens import add_document, choose, drop, edit, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("editor")]

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0" * 50


def describe(client, number, **fields):
    """Submit the form that a dropped image opens."""
    address = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[number])
    sent = {"people": "nobody"} | fields
    prefixed = {f"uploaded-image-{number}-{name}": value for name, value in sent.items()}
    return client.post(address, prefixed).json()


def test_a_dropped_image_is_added_only_once_it_is_described(client):
    answer = drop(client, "images", upload(photo_with_position(), "Rally_at_city_hall.jpg"))
    assert 'value="Rally at city hall"' in answer["form"]
    number = answer["uploaded_file_id"]
    refused = describe(client, number, title="A rally", description="")
    assert "Describe the image" in refused["form"]
    assert 'value="A rally"' in refused["form"]
    assert not SiteImage.objects.exists()
    assert describe(client, number, title="A rally", description="People at City Hall")["success"]
    assert SiteImage.objects.get().description == "People at City Hall"
    assert not UploadedFile.objects.exists()


def test_the_location_of_a_dropped_image_is_stored_nowhere(client, tmp_path):
    number = drop(client, "images", upload(photo_with_position(), "rally.jpg"))["uploaded_file_id"]
    describe(client, number, title="A rally", description="People at City Hall")
    image = SiteImage.objects.get()
    assert (image.width, image.height) == (40, 60)
    assert image.file_size == len(stored(image))
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len([path for path in kept if "original" in str(path)]) == 1
    assert not [path for path in kept if b"Planted" in path.read_bytes()]


def test_an_image_that_stays_undescribed_is_deleted_after_a_week(client, tmp_path):
    for name in ("old.jpg", "new.jpg"):
        drop(client, "images", upload(photo_with_position(), name))
    old, new = UploadedFile.objects.order_by("pk")
    long_ago = time.time() - 8 * 24 * 3600
    os.utime(old.file.path, (long_ago, long_ago))
    call_command("delete_old_uploads", verbosity=0)
    assert UploadedFile.objects.get() == new
    assert [path.name for path in tmp_path.rglob("*.jpg")] == [PurePath(new.file.name).name]


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("IMG_2041.JPG", ""),
        ("DSC00012.jpg", ""),
        ("PXL_20230101_123456789.jpg", ""),
        ("IMG-20230101-WA0001.jpg", ""),
        ("Screenshot 2023-05-04 at 10.11.12 PM.png", ""),
        ("WhatsApp Image 2023-05-04 at 10.11.12.jpeg", ""),
        ("image0.heic", ""),
        ("scan0001.pdf", ""),
        ("20230504.pdf", ""),
        ("Document (1).docx", ""),
        ("minutes_of_may.pdf", "Minutes of may"),
        ("Pat.jpg", "Pat"),
        ("Data 2017.xlsx", "Data 2017"),
        ("Minutes of Dec. 5", "Minutes of Dec. 5"),
        ("P2P group.jpg", "P2P group"),
    ],
)
def test_a_title_is_made_of_a_file_name_unless_a_device_made_it_up(name, title):
    assert readable_title(name) == title


def test_a_title_made_up_by_a_camera_is_refused(client):
    number = drop(client, "images", upload(factories.image_file(), "IMG_2041.jpg"))["uploaded_file_id"]
    refused = describe(client, number, title="IMG_2041", description="People")
    assert "Describe it in a few words" in refused["form"]
    refused = add_document(client, upload(pdf_of(), "scan0001.pdf"), title="scan0001")
    assert "Describe it in a few words" in refused.content.decode()


def test_a_dropped_file_named_by_a_scanner_needs_a_title_and_is_stored_without_metadata(client, tmp_path):
    number = drop(client, "docs", upload(pdf_of(), "scan0001.pdf"))["uploaded_file_id"]
    address = reverse("wagtaildocs:create_multiple_from_uploaded_document", args=[number])
    assert not client.post(address, {f"uploaded-document-{number}-title": ""}).json()["success"]
    assert client.post(address, {f"uploaded-document-{number}-title": "Minutes of May"}).json()["success"]
    document = SiteDocument.objects.get()
    assert (document.title, document.details) == ("Minutes of May", "none")
    assert not [path for path in tmp_path.rglob("*.pdf") if SECRET.encode() in path.read_bytes()]


def test_a_dropped_file_is_stored_without_its_author_and_says_so(client):
    answer = drop(client, "docs", upload(pdf_of()))
    assert "was removed" in answer["form"]
    document = SiteDocument.objects.get()
    with document.open_file() as file:
        content = file.read()
    assert SECRET.encode() not in content
    assert document.file_size == len(content)
    form = client.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert "was removed" in form


@pytest.mark.parametrize(
    ("change", "details"), [(signed, "because it is signed"), (locked, "because it is locked")]
)
def test_a_signed_or_locked_file_keeps_its_bytes_and_the_editor_is_told(client, change, details):
    content = pdf_of(change).read()
    answer = drop(client, "docs", upload(content))
    assert details in answer["form"]
    with SiteDocument.objects.get().open_file() as file:
        assert file.read() == content


def test_an_official_document_is_kept_byte_for_byte_on_request(client):
    content = pdf_of().read()
    add_document(client, upload(content), keep_as_is="on")
    document = SiteDocument.objects.get()
    assert document.details == "wished"
    with document.open_file() as file:
        assert file.read() == content


def test_a_file_saved_without_a_form_has_no_metadata_either():
    document = SiteDocument.objects.create(title="x", file=ContentFile(docx_of().getvalue(), name="a.docx"))
    with document.open_file() as file:
        assert SECRET.encode() not in file.read()
    assert document.file_hash
    assert document.details == "none"


def test_the_same_image_is_not_added_twice_by_dropping(client):
    first = factories.make_image(title="<b>Rally</b>", file=factories.image_file())
    answer = drop(client, "images", upload(factories.image_file(), "again.jpg"))
    assert not answer["success"]
    assert "already in the library" in answer["error_message"]
    assert reverse("wagtailimages:edit", args=[first.pk]) in answer["error_message"]
    # Wagtail's script does not escape the message.
    assert "&lt;b&gt;Rally&lt;/b&gt;" in answer["error_message"]
    assert not UploadedFile.objects.exists()


def test_no_form_adds_the_same_file_twice(client):
    drop(client, "docs", upload(pdf_of()))
    assert "already in the library" in drop(client, "docs", upload(pdf_of(), "other.pdf"))["error_message"]
    assert "already in the library" in add_document(client, upload(pdf_of())).content.decode()
    assert "already in the library" in choose(client, "docs", upload(pdf_of()))
    assert SiteDocument.objects.count() == 1


def test_the_same_file_is_added_twice_on_request(client):
    add_document(client, upload(pdf_of()))
    html = add_document(client, upload(pdf_of()), title="Once more").content.decode()
    assert "Add it again anyway" in html
    assert 'value="Once more"' in html
    add_document(client, upload(pdf_of()), title="Once more", add_again="on")
    assert SiteDocument.objects.count() == 2


def test_a_duplicate_that_the_user_may_not_choose_is_not_mentioned(client, sign_in):
    add_document(client, upload(pdf_of()), title="Private words")
    root = Collection.get_first_root_node()
    mine, other = root.add_child(name="Mine"), root.add_child(name="Other")
    SiteDocument.objects.update(collection=other)
    GroupCollectionPermission.objects.filter(group__name="Editors").update(collection=mine)
    html = add_document(client, upload(pdf_of())).content.decode()
    assert "Private words" not in html
    assert SiteDocument.objects.filter(collection=mine).count() == 1


def test_replacing_a_file_first_shows_where_it_is_used(client):
    document = factories.make_file("old.txt", b"Old words")
    page = factories.make_document(title="Minutes of 2017", file=document)
    shown = client.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert "Replace it in the 1 place where it is used" in shown
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in shown

    html = edit(client, document, title="New title", file=upload(b"New words", "new.txt")).content.decode()
    assert "Look at where it is used" in html
    assert 'value="New title"' in html
    assert "could not be found" not in html
    assert document.filename in html
    document.refresh_from_db()
    with document.open_file() as file:
        assert file.read() == b"Old words"

    edit(client, document, file=upload(b"New words", "new.txt"), replace_everywhere="on")
    document.refresh_from_db()
    with document.open_file() as file:
        assert file.read() == b"New words"


def test_an_image_in_use_is_replaced_only_after_confirmation(client):
    image = factories.make_image()
    factories.make_event(lead_image=image)
    new = BytesIO()
    Image.new("RGB", (9, 7), "red").save(new, "PNG")
    assert (
        "Look at where it is used"
        in edit(client, image, file=upload(new.getvalue(), "a.png")).content.decode()
    )
    edit(client, image, file=upload(new.getvalue(), "a.png"), replace_everywhere="on")
    image.refresh_from_db()
    assert (image.width, image.height) == (9, 7)


def test_changing_only_the_title_needs_no_confirmation(client):
    image = factories.make_image()
    factories.make_event(lead_image=image)
    assert edit(client, image, title="New title").status_code == 302
    image.refresh_from_db()
    assert image.title == "New title"


def test_an_unused_file_is_replaced_without_confirmation(client):
    document = factories.make_file("old.txt", b"Old words")
    assert edit(client, document, file=upload(b"New words", "new.txt")).status_code == 302


def test_the_title_of_a_page_that_the_user_may_not_edit_is_hidden(client, sign_in):
    document = factories.make_file("old.txt", b"Old words")
    factories.make_document(title="A secret draft", file=document, live=False)
    Group.objects.get(name="Editors").page_permissions.all().delete()
    html = client.get(reverse("wagtaildocs:edit", args=[document.pk])).content.decode()
    assert "A secret draft" not in html
    assert "something that you may not edit" in html


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.heic", HEIC, "or HEIC. Export"),
        ("a.jpg", HEIC, "or HEIC. Export"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>", "Export a drawing"),
        ("a.jpg", b"no picture", "not an image, or it is damaged"),
        ("a.jpg", factories.image_file().read()[:400], "damaged"),
        ("a.png", factories.image_file().read(), "but it is jpeg"),
    ],
)
def test_a_refused_image_comes_with_advice(client, name, content, words):
    assert words in drop(client, "images", upload(content, name))["error_message"]
    assert words in json.loads(choose(client, "images", upload(content, name)))["htmlFragment"]
    assert not SiteImage.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.pdf", b"<html>", "named .pdf but is not a PDF"),
        ("a.docx", b"MZ", "named .docx but is not a Word file"),
        ("a.pages", b"x", ".pages are not accepted"),
        ("a.<img src=x>", b"x", "are not accepted"),
    ],
)
def test_every_form_refuses_a_file_of_another_type_with_advice(client, name, content, words):
    refused = drop(client, "docs", upload(content, name))["error_message"]
    assert words in refused
    assert "<img" not in refused
    assert words in add_document(client, upload(content, name)).content.decode()
    assert words in json.loads(choose(client, "docs", upload(content, name)))["htmlFragment"]
    assert not SiteDocument.objects.exists()


def test_a_file_that_is_too_large_is_refused_with_advice(client, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 500
    large = Image.effect_noise((60, 60), 90)
    content = BytesIO()
    large.save(content, "PNG")
    refused = drop(client, "images", upload(content.getvalue(), "a.png"))["error_message"]
    assert "The maximum is 500\xa0bytes." in refused
    assert "in a smaller size" in refused
    assert "Scan at" in drop(client, "docs", upload(b"x" * 501, "a.txt"))["error_message"]
    # The form states the limit before an upload.
    html = client.get(reverse("wagtailimages:add_multiple")).content.decode()
    assert "in a smaller size" in html
    assert "site_admin/uploads.css" in html


def test_images_without_description_are_counted_and_listed_for_users_who_may_edit_them(client, sign_in):
    image = factories.make_image(title="Wordless", description="")
    factories.make_image(title="Wordy")
    factories.make_image(title="Ornament", description="", is_decorative=True)
    address = reverse("images_without_description")

    def told(user):
        request = RequestFactory().get("/admin/")
        request.user = user
        notices = panel.collect("register_notice", request)
        return [(notice.count, notice.words) for notice in notices if notice.url == address]

    moderator = sign_in("Moderators")
    assert told(moderator) == [(1, "1 image has no description.")]
    html = client.get(address).content.decode()
    assert reverse("wagtailimages:edit", args=[image.pk]) in html
    assert "Wordy" not in html
    assert "Ornament" not in html
    # Contributors edit their own images.
    assert told(sign_in("Contributors"))[0][0] == 0
    assert "Wordless" not in client.get(address).content.decode()
