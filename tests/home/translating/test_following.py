"""Translations follow their originals: what is the same at once, words when a translator has read them."""

from datetime import UTC, date, datetime

import pytest

from home.models import Translation
from home.translating.beginning import begin
from home.translating.following import follow
from home.translating.originals import share
from tests.support import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def original(db):
    return factories.make_event(title="A meeting", date="2018-03", place="City Hall")


def publish(page, **fields):
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def is_behind(page):
    return Translation.objects.of(page).get().behind_since is not None


def translated(original, spanish, **fields):
    if category := getattr(original, "category", None):
        publish(begin(category, spanish))
    publish(begin(original.get_ancestors().get(depth=2).specific, spanish))
    return publish(begin(original, spanish), title="Una reunión", **fields)


def test_a_translation_that_was_begun_follows_what_visitors_see(original, spanish):
    translation = begin(original, spanish)
    assert not translation.live
    assert Translation.objects.of(translation).get().follows_id == original.live_revision_id


def test_beginning_twice_gives_the_same_draft(original, spanish):
    assert begin(original, spanish).pk == begin(original, spanish).pk


def test_the_pages_above_become_drafts_with_the_permissions_of_the_home_page(groups, spanish):
    original = factories.make_event()
    translation = begin(original, spanish)
    above = translation.get_ancestors().filter(depth__gt=1)
    assert [page.locale_id for page in above] == [spanish.pk] * 2
    assert not any(page.live or page.alias_of_id for page in above)
    ours, theirs = (
        {(each.group_id, each.permission_id) for each in page.group_permissions.all()}
        for page in (original.get_ancestors()[1], above[0])
    )
    assert ours
    assert ours == theirs


def test_a_change_of_what_is_shared_reaches_the_page_and_its_draft_and_nobody_is_behind(original, spanish):
    translation = translated(original, spanish)
    translation.title = "Un borrador"
    translation.save_revision()
    image = factories.make_image()
    source = original.sources.model
    original.sources = [source(**factories.source_fields(title="The minutes"))]
    publish(original, date="2018-04-02", lead_image=image)
    translation.refresh_from_db()
    live = type(translation).objects.get(pk=translation.pk)
    draft = translation.get_latest_revision_as_object()
    for version in (live, draft):
        assert str(version.date) == "2018-04-02"
        assert version.lead_image == image
        assert [each.title for each in version.sources.all()] == ["The minutes"]
    assert (live.title, draft.title) == ("Una reunión", "Un borrador")
    assert not is_behind(translation)
    publish(draft)
    assert [each.title for each in type(live).objects.get(pk=live.pk).sources.all()] == ["The minutes"]


def test_what_has_a_translation_of_its_own_is_replaced_by_it(original, spanish):
    concern = factories.make_concern()
    other = translated(concern, spanish)
    untranslated = factories.make_concern()
    translation = translated(original, spanish)
    original.concerns = [concern, untranslated]
    publish(original)
    translation = type(translation).objects.get(pk=translation.pk)
    assert [each.pk for each in translation.concerns.all()] == [other.pk]


def test_new_words_put_a_translation_behind_until_its_translator_has_read_them(original, spanish):
    translation = translated(original, spanish)
    original = publish(original, summary="Something else happened.")
    assert is_behind(translation)
    # Publishing it again is no sign that anybody has.
    translation = publish(translation, summary="Otra cosa.")
    assert is_behind(translation)
    follow(translation, original)
    # Readers still see the old words.
    assert is_behind(translation)
    publish(translation)
    assert not is_behind(translation)


def test_a_correction_puts_a_translation_behind(original, spanish):
    translation = translated(original, spanish)
    original = type(original).objects.get(pk=original.pk)
    original.corrections.create(kind="correction", text="The day was wrong.", date=date(2026, 11, 2))
    publish(original)
    assert is_behind(translation)


def test_words_that_come_back_put_nobody_behind(original, spanish):
    translation, before = translated(original, spanish), original.summary
    original = publish(original, summary="Something else happened.")
    publish(original, summary=before)
    assert not is_behind(translation)


def test_the_first_day_stays(original, spanish):
    translation = translated(original, spanish)
    original = publish(original, summary="Something else happened.")
    day = datetime(2026, 1, 2, tzinfo=UTC)
    Translation.objects.of(translation).update(behind_since=day)
    publish(original, summary="And another thing.")
    assert Translation.objects.of(translation).get().behind_since == day


def test_a_term_and_a_figure_follow_as_pages_do(spanish):
    factories.make_figures_page()
    term, figure = publish(factories.make_term()), publish(factories.make_figure())
    terms = begin(term, spanish)
    numbers = begin(figure, spanish)
    publish(term, definition="Another explanation.")
    assert is_behind(terms)
    figure.values = [type(figure.values.first())(value=600, period_start="2019")]
    publish(figure)
    numbers = type(numbers).objects.get(pk=numbers.pk)
    assert [value.text for value in numbers.values.all()] == ["600"]
    assert not is_behind(numbers)


def test_a_new_group_is_told_to_the_translator_and_new_numbers_of_groups_are_not(spanish):
    factories.make_figures_page()
    figure = publish(factories.make_figure(breakdown="neighborhood"))
    number = type(figure.values.first())
    translation = begin(figure, spanish)
    figure.values = [number(value=600, period_start="2019", group="Downtown")]
    publish(figure)
    assert is_behind(translation)
    translation = type(figure).objects.get(pk=translation.pk)
    follow(translation, figure := type(figure).objects.get(pk=figure.pk))
    publish(translation, group_words={"Downtown": "El centro"})
    assert not is_behind(translation)
    figure.values = [number(value=value, period_start="2019", group="Downtown") for value in (600, 700)]
    publish(figure)
    translation = type(translation).objects.get(pk=translation.pk)
    assert [each.name for each in translation.values.all()] == ["El centro", "El centro"]
    assert not is_behind(translation)


def test_a_translation_that_fails_keeps_neither_the_original_nor_the_others(original, spanish, monkeypatch):
    translation = translated(original, spanish)
    monkeypatch.setattr("home.translating.following.share", lambda *args: 1 / 0)
    original = publish(original, summary="Something else happened.")
    assert original.summary == "Something else happened."
    assert not is_behind(translation)


def test_the_category_and_the_home_page_are_translated_before_an_event(original, spanish):
    translation = begin(original, spanish)
    words = [obstacle.words for obstacle in translation.obstacles()]
    assert words == [
        f"“{original.category}” has no published translation yet. Translate it first.",
        "The home page in this language is not published yet. Publish it first.",
    ]
    publish(begin(original.category, spanish))
    publish(begin(original.get_ancestors().get(depth=2).specific, spanish))
    share(original, translation)
    assert not list(translation.obstacles())
