"""Changes of claims, and changes that are none."""

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from home.corrections.claims import _plain, claims_of
from home.models import Correction
from tests.support import factories
from timeline.models import EventSource

pytestmark = pytest.mark.django_db

TEXT = "<p>Two people were <b>diverted</b>.</p>"


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (
            factories.make_event,
            "title date end_date category place summary verification sources lead_image body concerns"
            " partners",
        ),
        (factories.make_concern, "title summary state body sources"),
        (factories.make_document, "title summary issued_by date kind status file body sources"),
        (factories.make_partner, "title short_name kind summary standing role logo website contact body"),
        (factories.make_contact, "title summary body thanks readers keep_days"),
        (factories.make_timeline, "title summary body eras"),
    ],
)
def test_claims_are_what_visitors_read(make, names):
    assert set(claims_of(make())) == set(names.split())


def change(page, **fields):
    """Return whether the page's claims change with these values of its fields."""
    before = claims_of(page)
    for name, value in fields.items():
        setattr(page, name, value)
    return claims_of(page) != before


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "Another title"},
        {"summary": "Another summary"},
        {"date": "2017-11"},
        {"end_date": "2018"},
        {"place": "City Hall"},
        {"verification": "disputed"},
        {"body": [("text", "<p>Three people were diverted.</p>")]},
    ],
)
def test_changed_words_dates_and_choices_are_other_claims(fields):
    assert change(factories.make_event(body=[("text", TEXT)]), **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"slug": "elsewhere"},
        {"seo_title": "For search engines"},
        {"search_description": "For search engines"},
        {"last_reviewed": "2026-01-01"},
        {"show_in_menus": True},
        {"summary": "A \r\n summary. "},
        {"body": [("text", '<p data-block-key="x">Two people were <a href="/a">di</a>verted.</p>')]},
    ],
)
def test_urls_markup_and_settings_are_no_claims(fields):
    assert not change(factories.make_event(body=[("text", TEXT)]), **fields)


def test_the_id_of_a_block_is_no_claim():
    event = factories.make_event(body=[("text", TEXT)])
    before = claims_of(event)
    event.body[0].id = "another"
    assert claims_of(event) == before


def test_line_breaks_separate_words():
    event = factories.make_event(body=[("text", "<p>Two people</p><p>were diverted</p>")])
    assert change(event, body=[("text", "<p>Two peoplewere diverted</p>")])


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": "Minutes"}, True),
        ({"publisher": "The City"}, True),
        ({"published": "2018"}, True),
        ({"note": "Page 3"}, True),
        ({"url": "https://elsewhere.example/"}, False),
        ({"archived_url": "https://web.archive.org/x"}, False),
        ({"accessed": "2026-01-01"}, False),
    ],
)
def test_the_title_of_a_source_is_a_claim_but_not_its_url(fields, says):
    event = factories.make_event()
    sources = [EventSource(**factories.source_fields(**fields))]
    assert change(event, sources=sources) is says


def test_a_new_source_is_another_claim_but_not_another_order():
    first, second = (EventSource(**factories.source_fields(title=title)) for title in ("One", "Two"))
    event = factories.make_event(sources=[first])
    assert change(event, sources=[first, second])
    assert not change(event, sources=[second, first])


def test_related_pages_are_claims():
    assert change(factories.make_event(), concerns=[factories.make_concern()])


def test_a_correction_is_no_claim():
    assert not change(
        factories.make_event(), corrections=[Correction(text="The year was wrong.", date="2026-01-01")]
    )


def test_a_page_and_its_latest_revision_have_the_same_claims():
    for make in (factories.make_event, factories.make_concern, factories.make_document):
        page = type(made := make()).objects.get(pk=made.pk)
        assert claims_of(page) == claims_of(page.get_latest_revision_as_object())


@given(st.lists(st.text(alphabet="ab<>& é", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_markup_and_spaces_do_not_change_claims(words):
    written = [escape(word) for word in words]
    marked = "".join(f'<p data-block-key="k">  <b>{word}</b>\r\n</p>' for word in written)
    assert _plain(marked) == _plain(" ".join(written)) == " ".join(" ".join(words).split())


@given(st.text(alphabet="ab "), st.text(alphabet="ab "))
def test_different_words_are_different_claims(one, other):
    assert (_plain(f"<p>{one}</p>") == _plain(f"<p>{other}</p>")) == (one.split() == other.split())
