"""What counts as something else that a page says, and what does not."""

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
def test_a_page_claims_what_its_visitors_read(make, names):
    assert set(claims_of(make())) == set(names.split())


def change(page, **fields):
    """Whether the page says something else with other values of its fields."""
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
def test_other_words_dates_and_marks_say_something_else(fields):
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
def test_addresses_markup_and_settings_say_nothing(fields):
    assert not change(factories.make_event(body=[("text", TEXT)]), **fields)


def test_the_identity_of_a_block_says_nothing():
    event = factories.make_event(body=[("text", TEXT)])
    before = claims_of(event)
    event.body[0].id = "another"
    assert claims_of(event) == before


def test_what_stands_on_its_own_line_is_a_word_of_its_own():
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
def test_what_a_source_is_called_is_a_claim_and_where_it_is_found_is_none(fields, says):
    event = factories.make_event()
    sources = [EventSource(**factories.source_fields(**fields))]
    assert change(event, sources=sources) is says


def test_one_source_more_is_another_claim_and_their_order_is_none():
    first, second = (EventSource(**factories.source_fields(title=title)) for title in ("One", "Two"))
    event = factories.make_event(sources=[first])
    assert change(event, sources=[first, second])
    assert not change(event, sources=[second, first])


def test_what_it_belongs_to_is_a_claim():
    assert change(factories.make_event(), concerns=[factories.make_concern()])


def test_a_correction_is_no_claim_itself():
    assert not change(
        factories.make_event(), corrections=[Correction(text="The year was wrong.", date="2026-01-01")]
    )


def test_a_page_and_its_latest_revision_claim_the_same():
    for make in (factories.make_event, factories.make_concern, factories.make_document):
        page = type(made := make()).objects.get(pk=made.pk)
        assert claims_of(page) == claims_of(page.get_latest_revision_as_object())


@given(st.lists(st.text(alphabet="ab<>& é", min_size=1).map(str.strip).filter(bool), min_size=1))
def test_however_words_are_marked_up_and_spaced_they_are_the_same(words):
    written = [escape(word) for word in words]
    marked = "".join(f'<p data-block-key="k">  <b>{word}</b>\r\n</p>' for word in written)
    assert _plain(marked) == _plain(" ".join(written)) == " ".join(" ".join(words).split())


@given(st.text(alphabet="ab "), st.text(alphabet="ab "))
def test_other_words_are_never_the_same(one, other):
    assert (_plain(f"<p>{one}</p>") == _plain(f"<p>{other}</p>")) == (one.split() == other.split())
