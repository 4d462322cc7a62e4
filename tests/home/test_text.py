"""Text is cleaned however it enters the site."""

import json
import sys
import time
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection

from home.forms.contact import MessageForm
from home.models import ContactMessage, StandardPage, User
from home.text import UNCLEAN, clean_data, clean_line, clean_text
from tests.support import factories

pytestmark = pytest.mark.postgres

ANY = st.text(st.characters(codec=None) | st.sampled_from("\x00\x0b\x0c\x1f\x85\u2028\ud800\ufffe\uffff"))
ALL_ODD = "a\x00\x08\x0b\x0c\x1f\x7f\x85\u2028\u2029\ufdd0\ufffe\uffff\U0001fffe\ud83db"


@given(ANY)
def test_every_format_can_hold_clean_text(text):
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert not ILLEGAL_CHARACTERS_RE.search(clean)
    element = ElementTree.Element("a", b=clean.replace("\r", ""))
    again = ElementTree.fromstring(ElementTree.tostring(element, encoding="utf-8"))
    assert again.get("b") == clean.replace("\r", "")
    assert not {"\r", "\n", "\u2028", "\u2029"} & set(clean_line(text))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"])) | st.just("a\tb\r\nc\n"))
def test_ordinary_text_is_unchanged(text):
    assert clean_text(text) == text


@pytest.mark.parametrize("name", ["می\u200cخواهم", "क्\u200dष", "\u202bשלום\u202c", "👩\u200d👧"])
def test_names_keep_joiners_and_directional_marks(name):
    assert clean_line(name) == name


def test_unusual_line_breaks_separate_words():
    assert clean_text("City\x0bHall\r\x0bNew\x85Haven") == "City\nHall\nNew\nHaven"
    assert clean_line("City\x0bHall\r\nNew\u2028Haven") == "City Hall New Haven"


def test_data_is_cleaned_for_json_and_databases():
    data = clean_data({"a\x00": ["\ud800", float("nan"), {"b": ("c\x0b", 1, None, True)}]})
    assert data == {"a": ["", None, {"b": ("c\n", 1, None, True)}]}


@pytest.mark.django_db
def test_every_model_of_every_app_is_saved_with_clean_text():
    body = json.dumps([{"type": "text", "value": f"<p>{ALL_ODD}</p>"}])
    event = factories.make_event(title=f"{ALL_ODD} title", summary=ALL_ODD, place=ALL_ODD, body=body)
    event.refresh_from_db()
    assert (event.title, event.summary) == ("a b title", "a\n\n\n\u2028\u2029b")
    assert event.body.raw_data[0]["value"] == "<p>a\n\n\n\u2028\u2029b</p>"
    draft = event.latest_revision.content
    assert not any(
        odd in json.dumps(draft).replace("\\\\", "\\") for odd in ("\\u000b", "\\ud83d", "\\u0000")
    )
    message = ContactMessage.objects.create(
        page=factories.make_contact(), form_data={"your_message": ALL_ODD}
    )
    message.refresh_from_db()
    assert message.form_data == {"your_message": "a\n\n\n\u2028\u2029b"}
    assert Collection.get_first_root_node().add_child(name=ALL_ODD).name == "a b"
    assert Redirect.objects.create(old_path="/x", redirect_link=f"/{ALL_ODD}").redirect_link == "/a b"
    assert factories.make_term(term=ALL_ODD).term == "a b"


@pytest.mark.django_db
def test_a_title_of_control_characters_is_empty(client):
    client.force_login(User.objects.create_superuser("editor"))
    parent = factories.make_home()
    address = reverse("wagtailadmin_pages:add", args=["home", "standardpage", parent.pk])
    typed = {"title": "\x0b\x00", "slug": "new", "summary": "Words", "body-count": 0, "action-publish": "1"}
    typed |= {"corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0}
    response = client.post(address, typed)
    assert response.status_code == 200
    assert response.context["form"].errors["title"]


@pytest.mark.django_db
def test_pasted_text_is_cleaned(client):
    """This includes the rich text editor, which sends JSON."""
    client.force_login(User.objects.create_superuser("editor"))
    parent = factories.make_home()
    words = {
        "blocks": [{"key": "a", "text": "City\x0bHall", "type": "unstyled", "depth": 0}],
        "entityMap": {},
    }
    words["blocks"][0] |= {"inlineStyleRanges": [], "entityRanges": []}
    typed = {
        "title": "Vigil\x0bat noon",
        "slug": "vigil",
        "summary": "One\x0btwo\x00",
        "body-count": 1,
        "body-0-deleted": "",
        "body-0-order": 0,
        "body-0-type": "text",
        "body-0-value": json.dumps(words),
        "corrections-TOTAL_FORMS": 0,
        "corrections-INITIAL_FORMS": 0,
        "action-publish": "1",
    }
    response = client.post(reverse("wagtailadmin_pages:add", args=["home", "standardpage", parent.pk]), typed)
    assert response.status_code == 302, response.context["form"].errors.as_json()
    page = StandardPage.objects.get(slug="vigil")
    assert page.live
    assert (page.title, page.summary) == ("Vigil at noon", "One\ntwo")
    assert "\x0b" not in page.body.raw_data[0]["value"]
    assert "City" in page.body.raw_data[0]["value"]
    words["blocks"][0]["text"] = "Half\ud800 a\uffff character"
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    client.post(preview, typed | {"body-0-value": json.dumps(words)})
    assert "Half a character" in client.get(preview).content.decode()


@pytest.mark.django_db
def test_messages_are_cleaned(client):
    page = factories.make_contact()
    made_at = MessageForm.signer.sign(str(int(time.time()) - 60))
    typed = {"your_message": "One\x0btwo\x00\x1f", MessageForm.MADE: made_at}
    assert client.post(f"/contact-message/{page.pk}/", typed).status_code == 303
    assert ContactMessage.objects.get().form_data["your_message"] == "One\ntwo"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/%00", "/a%0bb/", "/files/1/a%00", "/%C2%85/"])
def test_paths_with_control_characters_are_not_found(client, path):
    assert client.get(path).status_code == 404


def test_printable_characters_are_clean():
    """Texts of such characters are not searched for others."""
    printable = "".join(filter(str.isprintable, map(chr, range(sys.maxunicode + 1))))
    assert UNCLEAN.search(printable) is None
