"""Matching rows with events: no page ever gets the content of another."""

import json
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import factories
from timeline.exchange.imports.applying import carry_out
from timeline.exchange.imports.plan import Action, Unsure
from timeline.exchange.imports.planning import make_plan
from timeline.exchange.imports.reading import EventFile, read_file
from timeline.exchange.matching.items import Item
from timeline.models import EventPage

pytestmark = pytest.mark.django_db


def slide(headline="Vigil", date="2019-05-03", text="", **more):
    parts = dict(zip(("year", "month", "day"), map(int, date.split("-")), strict=False))
    return {"start_date": parts, "text": {"headline": headline, "text": text}} | more


def planned(timeline, *slides, **options):
    timeline.refresh_from_db()
    return make_plan(timeline, read_file(json.dumps({"events": slides}).encode()), **options)


def take_in(timeline, *slides, **options):
    return carry_out(planned(timeline, *slides, **options))


def actions(plan):
    return [str(row.action) for row in plan.rows]


def said(plan):
    """Return all messages of a plan about its rows."""
    return " ".join(word for row in plan.rows for word in (row.problem, row.question, *row.notes))


def pages():
    """Return title, date and summary of each page, by primary key."""
    return {
        event.pk: (event.title, str(event.date), event.summary)
        for event in (event.latest() for event in EventPage.objects.order_by("pk"))
    }


@pytest.fixture
def timeline():
    return factories.make_timeline()


HEADLINES = ["Public hearing", "جلسة استماع عامة", "公開聽證會", "Публичные слушания", "!!!", "🔥"]


@pytest.mark.parametrize("headline", HEADLINES)
def test_the_same_headline_in_two_files_makes_two_events(timeline, headline):
    take_in(timeline, slide(headline, "2019-05-03", "On the budget."))
    before = pages()
    plan = take_in(timeline, slide(headline, "2021-09-20", "On policing, two years later."))
    assert actions(plan) == ["create"]
    assert len(pages()) == 2
    assert before.items() <= pages().items()


@pytest.mark.parametrize("headline", HEADLINES)
def test_an_inserted_first_row_moves_nothing(timeline, headline):
    rows = [slide(headline, f"2019-05-{day}", f"The vigil of the {day}th.") for day in (10, 17, 24)]
    take_in(timeline, *rows)
    before = pages()
    plan = take_in(timeline, slide(headline, "2019-05-01", "An earlier one."), *rows)
    assert actions(plan) == ["create", "same", "same", "same"]
    assert before.items() <= pages().items()
    assert len(pages()) == 4
    slugs = set(EventPage.objects.values_list("slug", flat=True))
    assert len(slugs) == 4
    assert all(slug.strip("-") for slug in slugs)


def test_a_slug_has_the_script_of_its_headline(timeline, client):
    take_in(timeline, slide("Публичные слушания 2019"))
    event = EventPage.objects.get()
    assert event.slug == "публичные-слушания-2019"
    event.sources = [factories.EventSource(title="Minutes")]
    event.save_revision().publish()
    assert "Публичные слушания" in client.get(event.url).content.decode()


def test_a_changed_row_is_matched_by_its_id(timeline):
    take_in(timeline, slide("Vigil", unique_id="a"), slide("Vigil", unique_id="b"))
    plan = take_in(timeline, slide("Vigil", unique_id="b"), slide("Renamed", unique_id="a"))
    assert actions(plan) == ["same", "change"]
    assert {event.unique_id: event.title for event in EventPage.objects.all()} == {
        "a": "Renamed",
        "b": "Vigil",
    }


def test_a_changed_headline_is_matched_by_everything_else_with_a_note(timeline):
    take_in(timeline, slide("Vigil", text="At the Green."))
    plan = take_in(timeline, slide("Candle vigil", text="At the Green."))
    assert actions(plan) == ["change"]
    assert "Matched to “Vigil” (May 3, 2019), since everything but the title is the same." in said(plan)
    assert [title for title, _date, _text in pages().values()] == ["Candle vigil"]


def test_another_headline_and_text_is_a_new_event_with_a_note_on_what_it_may_replace(timeline):
    take_in(timeline, slide("Vigil", text="At the Green."))
    plan = take_in(timeline, slide("March", text="From City Hall."))
    assert actions(plan) == ["create"]
    assert "“Vigil” (May 3, 2019) has the same date and is not in this file." in said(plan)
    assert len(pages()) == 2


@pytest.mark.parametrize(
    ("unsure", "action", "number"),
    [(Unsure.LEAVE, "ask", 1), (Unsure.CHANGE, "change", 1), (Unsure.NEW, "create", 2)],
)
@pytest.mark.parametrize(
    ("first", "second", "question"),
    [
        (
            slide(text="At the Green."),
            slide(text="In Fair Haven."),
            "has the same date and title, but a different text",
        ),
        (
            slide(unique_id="1"),
            slide("Vote", "2021-09-20", unique_id="1"),
            "Its unique id is that of “Vigil”",
        ),
    ],
)
def test_uncertain_matches_become_questions(timeline, first, second, question, unsure, action, number):
    take_in(timeline, first)
    before = pages()
    plan = take_in(timeline, second, unsure=unsure)
    assert actions(plan) == [action]
    assert question in said(plan)
    assert len(pages()) == number
    assert (before.items() <= pages().items()) == (unsure != Unsure.CHANGE)
    if unsure != Unsure.LEAVE:
        assert actions(planned(timeline, second)) == ["same"]
    assert len(set(EventPage.objects.values_list("unique_id", flat=True))) == number


def test_ambiguous_rows_change_nothing(timeline):
    take_in(timeline, slide(text="One."), slide(text="Two."))
    before = pages()
    plan = take_in(timeline, slide(text="One!"), slide(text="Two!"), unsure=Unsure.CHANGE)
    assert actions(plan) == ["ask", "ask"]
    assert "Several rows or several events here have this date and title." in said(plan)
    assert pages() == before


def test_equal_rows_get_a_note_and_are_matched_again(timeline):
    plan = take_in(timeline, slide(), slide())
    assert actions(plan) == ["create", "create"]
    assert "This may be the same event as the one in row 1." in said(plan)
    assert actions(planned(timeline, slide(), slide())) == ["same", "same"]
    assert actions(planned(timeline, slide(), slide(), slide())) == ["same", "same", "create"]


def test_an_id_that_several_rows_give_identifies_nothing(timeline):
    rows = [slide("One", unique_id="x"), slide("Two", "2020", unique_id="x")]
    plan = take_in(timeline, *rows)
    assert actions(plan) == ["create", "create"]
    assert "Several rows have the unique id “x”, so it is ignored." in said(plan)
    assert actions(planned(timeline, *reversed(rows))) == ["same", "same"]


def test_a_copied_row_of_ours_is_refused_with_its_original(timeline):
    event = factories.make_event(timeline, title="Hearing")
    record = {"unique_id": event.unique_id, "title": "Hearing", "date": "2020"}
    rows = [{"lead_watch": record | {"title": title}} for title in ("Copy", "Hearing")]
    plan = planned(timeline, *rows)
    assert actions(plan) == ["refuse", "refuse"]
    assert event.unique_id in said(plan)


def test_editors_changes_stay_where_the_file_has_not_changed(timeline):
    take_in(timeline, slide(text="At the Green."))
    event = EventPage.objects.get()
    event.title, event.summary, event.place = "Vigil for Ana", "At dusk.", "The Green"
    event.save_revision()
    same_in_other_letters = slide(text=" At the  Green. ", group="Protest")
    plan = take_in(timeline, same_in_other_letters)
    assert actions(plan) == ["change"]
    event = EventPage.objects.get().latest()
    assert (event.title, event.summary, event.place) == (
        "Vigil for Ana",
        "At dusk.",
        "The Green",
    )
    assert event.category.name == "Protest"


def test_an_event_written_here_is_matched_by_its_content(timeline):
    factories.make_event(timeline, title="Vigil", date="2019-05-03", summary="At the Green.", place="Here")
    category = EventPage.objects.get().category
    plan = take_in(timeline, slide(text="At the Green."))
    assert actions(plan) == ["change"]
    event = EventPage.objects.get().latest()
    assert (event.place, event.category, event.summary) == ("Here", category, "At the Green.")
    assert "Matched to" in said(plan)


def test_events_with_ids_made_from_headlines_are_matched_again(timeline):
    """Earlier versions of this site imported slides in this form."""
    rows = [
        slide(date=f"2019-05-{number:02}", text=text)
        for number, text in enumerate(("First", "Second", "Third"), start=1)
    ]
    for identity, row in zip(("vigil", "vigil-2", "vigil-3"), rows, strict=True):
        date, summary = f"2019-05-{row['start_date']['day']:02}", row["text"]["text"]
        factories.make_event(
            timeline, title="Vigil", date=date, summary=summary, unique_id=identity, imported=row
        )
    ids = list(EventPage.objects.values_list("unique_id", flat=True))
    plan = take_in(timeline, slide(date="2019-04-01", text="New"), rows[2], rows[0])
    assert actions(plan) == ["create", "same", "same"]
    assert list(EventPage.objects.values_list("unique_id", flat=True))[:3] == ids


def test_nothing_is_imported_into_an_alias(timeline):
    event = factories.make_event(timeline, title="Hearing", unique_id="a")
    alias = event.create_alias(update_slug="shown-again", parent=timeline)
    plan = take_in(timeline, {"lead_watch": {"unique_id": "a", "title": "Hearing, moved"}})
    assert actions(plan) == ["change"]
    assert plan.rows[0].event.pk == event.pk
    other = factories.make_timeline(slug="other")
    alias.move(other, pos="last-child")
    plan = planned(EventPage.objects.get(pk=alias.pk).get_parent().specific, slide("Hearing", unique_id="a"))
    assert actions(plan) == ["same"]
    assert "shown here from another place" in said(plan)


def test_groups_in_other_scripts_stay_different_categories(timeline):
    take_in(
        timeline, slide("One", group="مظاهرة"), slide("Two", group="مسيرة"), slide("Three", group="مظاهرة")
    )
    found = {event.title: event.category for event in EventPage.objects.all()}
    assert (found["One"].name, found["Two"].name) == ("مظاهرة", "مسيرة")
    assert found["One"] == found["Three"]
    assert found["One"].slug != found["Two"].slug


TOKEN = st.integers(0, 4)
ROW = st.fixed_dictionaries(
    {
        "token": TOKEN,
        "headline": st.sampled_from(["Vigil", "وقفة", "Vote"]),
        "date": st.sampled_from(["2019-05-03", "2019-05-04", "2019"]),
        "id": st.sampled_from(["", "", "1", "2"]),
    }
)
FILES = st.lists(
    st.lists(ROW, min_size=1, max_size=4, unique_by=lambda row: row["token"]), min_size=2, max_size=3
)


def slide_of(row):
    source = {"title": f"token {row['token']}"}
    found = slide(
        row["headline"], row["date"], f"Words of token {row['token']}.", lead_watch={"sources": [source]}
    )
    return found | ({"unique_id": row["id"]} if row["id"] else {})


def tokens(event):
    return event.summary, *(source.title for source in event.sources.all())


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=FILES, unsure=st.sampled_from([Unsure.LEAVE, Unsure.NEW]))
def test_no_sequence_of_files_moves_content_between_pages(timeline, files, unsure):
    for event in EventPage.objects.child_of(timeline):
        # A failed example may have left events.
        event.delete()
    timeline.refresh_from_db()
    was = {}
    for rows in files:
        # The same id always means the same event.
        slides = [slide_of(row | {"id": row["id"] and f"{row['id']}-{row['token']}"}) for row in rows]
        plan = take_in(timeline, *slides, unsure=unsure)
        events = {event.pk: event.latest() for event in EventPage.objects.child_of(timeline)}
        assert len(events) == len(was) + plan.counts[Action.CREATE]
        now = {pk: tokens(event) for pk, event in events.items()}
        assert was.items() <= now.items()
        assert all(len({word.strip(".").split()[-1] for word in found}) == 1 for found in now.values())
        was = now
        again = planned(timeline, *slides, unsure=unsure)
        assert again.counts[Action.CREATE] == again.counts[Action.CHANGE] == 0


def steps_of(timeline, slides):
    """Return the number of function calls that a plan takes."""
    file = EventFile([Item(number, slide) for number, slide in enumerate(slides, start=1)])
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        make_plan(timeline, file)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize(
    "make",
    [
        lambda number: slide("Vigil", "2019", unique_id=str(number)),
        lambda number: slide("Vigil", "2019", f"Text {number}"),
        lambda number: {"text": {"headline": f"No date {number}"}},
    ],
    ids=["equal headlines", "other words", "no dates"],
)
def test_a_plan_takes_linear_time(timeline, make):
    steps_of(timeline, [make(0)])
    few, many = (steps_of(timeline, [make(number) for number in range(size)]) for size in (10, 80))
    assert many < 8 * few * 1.1


def test_a_row_of_ours_needs_only_its_id_to_be_matched(timeline):
    factories.make_event(timeline, title="Hearing", unique_id="a")
    plan = take_in(timeline, {"lead_watch": {"unique_id": "a", "place": "City Hall"}})
    assert actions(plan) == ["change"]
    assert EventPage.objects.get().latest().place == "City Hall"


def test_a_plan_needs_a_fixed_number_of_queries_for_unchanged_rows(timeline, django_assert_max_num_queries):
    rows = [
        slide("Vigil", "2019", f"Text {number}", unique_id=str(number))
        | {"media": {"url": f"https://example.org/{number}.jpg"}}
        for number in range(12)
    ]
    take_in(timeline, *rows)
    with django_assert_max_num_queries(20):
        assert planned(timeline, *rows).counts[Action.SAME] == 12
    # Each written row is checked as Wagtail's form would check it.
    with django_assert_max_num_queries(20 + 12 * 17):
        changed = planned(timeline, *(row | {"group": "Protest"} for row in rows))
    assert changed.counts[Action.CHANGE] == 12
    with django_assert_max_num_queries(20 + 12 * 8):
        new = planned(timeline, *(row | {"unique_id": f"new {row['unique_id']}"} for row in rows))
    assert new.counts[Action.CREATE] == 12


def numbered(*rows):
    """Return slides whose ids are their row numbers."""
    return [slide(*row, unique_id=str(number)) for number, row in enumerate(rows, start=1)]


ONE_DAY = [("A", "2019-05-03", "Words of A."), ("B", "2019-05-03", "Words of B.")]
MONTHLY = [("Vigil", f"2019-0{month}-03", f"In month {month}.") for month in (1, 2, 3)]
ALIKE = [(name, date, "At the Green.") for name, date, _words in MONTHLY]
WITHOUT_WORDS = [("A", "2019"), ("B", "2019"), ("C", "2019")]


@pytest.mark.parametrize("unsure", [Unsure.LEAVE, Unsure.NEW])
@pytest.mark.parametrize(
    ("rows", "later"),
    [
        (ONE_DAY, [("New", "2019-05-03", "Words of new."), *ONE_DAY]),
        (ONE_DAY, ONE_DAY[::-1]),
        (MONTHLY, [("Vigil", "2018-12-03", "The first."), *MONTHLY]),
        (MONTHLY, [MONTHLY[0], ("Vigil", "2019-01-09", "Put in."), *MONTHLY[1:]]),
        (MONTHLY, [*MONTHLY[:2], ("March", "2019-03-03", "Put in."), MONTHLY[2]]),
        (ONE_DAY, [(f"Other {name}", date, f"Unlike {words}") for name, date, words in ONE_DAY]),
        (MONTHLY, [(name, date.replace("2019", "2021"), f"Later, {words}") for name, date, words in MONTHLY]),
        (ALIKE, [("Vigil", "2018-12-03", "At the Green."), *ALIKE]),
        ([row[:2] for row in ONE_DAY], [("New", "2019-05-03"), *(row[:2] for row in ONE_DAY)]),
        (WITHOUT_WORDS, [("Parade", "2019"), ("Fire", "2019"), ("Flood", "2019")]),
    ],
)
def test_ids_that_are_row_numbers_move_nothing(timeline, rows, later, unsure):
    take_in(timeline, *numbered(*rows))
    before = pages()
    plan = take_in(timeline, *numbered(*later), unsure=unsure)
    assert before.items() <= pages().items()
    assert plan.counts[Action.ASK if unsure == Unsure.LEAVE else Action.CREATE]


def test_rows_below_an_inserted_one_are_matched_if_the_editor_says_so(timeline):
    take_in(timeline, *numbered(*ONE_DAY))
    before = pages()
    later = numbered(("New", "2019-05-03", "Words of new."), *ONE_DAY)
    assert "“A” (May 3, 2019) has the same date and title, but another unique id." in said(
        planned(timeline, *later)
    )
    take_in(timeline, *later, unsure=Unsure.CHANGE)
    assert before.items() <= pages().items()
    assert len(pages()) == 3


def test_a_corrected_row_is_matched_by_its_id_if_something_else_is_the_same(timeline):
    take_in(timeline, *numbered(*MONTHLY))
    moved = [MONTHLY[0], ("Vigil", "2019-02-13", MONTHLY[1][2]), MONTHLY[2]]
    plan = take_in(timeline, *numbered(*moved))
    assert actions(plan) == ["same", "change", "same"]
    assert "Matched to “Vigil” (February 3, 2019), since the unique id is the same." in said(plan)
    other = ("Vigil for Ana", "2019-01-03", "Other words.")
    assert actions(take_in(timeline, *numbered(other, *moved[1:]))) == ["ask", "same", "same"]
    # The same question is asked again, whatever else was imported.
    rows = numbered(other, *moved[1:], ("New", "2020", "New words."))
    assert actions(take_in(timeline, *rows)) == ["ask", "same", "same", "create"]
    assert actions(take_in(timeline, *rows)) == ["ask", "same", "same", "same"]


def test_an_id_may_be_written_as_a_decimal_number(timeline):
    take_in(timeline, slide(unique_id=7))
    assert actions(take_in(timeline, slide(text="At the Green.", unique_id=7.0))) == ["change"]
    assert actions(take_in(timeline, slide(text="At the Green!", unique_id="7"))) == ["change"]
    assert len(pages()) == 1


def test_slides_with_media_only_are_told_apart_by_their_media(timeline):
    one, two = ({"start_date": {"year": 2019}, "media": {"url": f"https://example.org/{n}"}} for n in (1, 2))
    take_in(timeline, one)
    before = EventPage.objects.get().latest().imported
    plan = take_in(timeline, two)
    assert actions(plan) == ["ask"]
    assert EventPage.objects.get().latest().imported == before


def test_a_corrected_date_without_an_id_gets_a_note(timeline):
    take_in(timeline, slide(text="At the Green."))
    plan = planned(timeline, slide(date="2019-05-13", text="At the Green."))
    assert actions(plan) == ["create"]
    assert "“Vigil” (May 3, 2019) has the same text and is not in this file. If this row is the same" in said(
        plan
    )
