"""The Spanish starter content is added to sites that have the English, and overwrites nothing."""

import re

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import GroupPagePermission, Locale, Page

from concerns.models import ConcernPage
from home.models import ContactPage, Figure, GlossaryTerm, HomePage, StandardPage
from home.translating.beginning import begin
from leadwatch.starter_content import reading
from leadwatch.starter_content.reading import DataError
from leadwatch.starter_content.translations import Translator, add_later, add_translations, is_any_missing
from timeline.models import EventCategory, EventPage, TimelinePage

pytestmark = pytest.mark.django_db

HOME, PRIVACY = ("pages", "home"), ("texts", "privacy")


@pytest.fixture
def only(monkeypatch):
    """Return a function that leaves only some items of the data in Spanish."""

    def leave(*keys):
        words, _errors = reading.read_translation("es")
        few = {key: words[key] for key in keys}
        monkeypatch.setattr(reading, "read_translation", lambda language: (few, []))

    return leave


def pages_in(locale):
    return Page.objects.filter(locale=locale, depth__gt=1)


def test_everything_is_published_in_spanish_with_the_same_facts(translations, spanish):
    for page in pages_in(Locale.get_default()).specific():
        translation = page.get_translation(spanish)
        assert translation.live, page
        assert not translation.has_unpublished_changes, page
        assert translation.slug.isascii(), page
        assert translation.show_in_menus == page.show_in_menus
        for name in ("date", "end_date", "verification", "state", "standing", "keep_days", "status"):
            assert getattr(translation, name, None) == getattr(page, name, None), (page, name)
        if hasattr(page, "sources"):
            titles = [[each.title for each in one.sources.all()] for one in (translation, page)]
            assert titles[0] == titles[1]
    for model in (Figure, GlossaryTerm, EventCategory):
        keys = [
            set(model.objects.filter(locale=each, live=True).values_list("translation_key", flat=True))
            for each in (spanish, Locale.get_default())
        ]
        assert keys[0] == keys[1]
    sections = [
        home.get_children().values_list("translation_key", flat=True) for home in HomePage.objects.all()
    ]
    assert list(sections[0]) == list(sections[1])
    questions = ContactPage.objects.get(locale=spanish).form_fields.all()
    assert [each.label for each in questions] == [
        *("Su mensaje", "¿De qué se trata?", "¿Cómo podemos comunicarnos con usted?")
    ]
    assert "Me ofrecieron LEAD" in questions[1].choices


def test_what_a_page_belongs_to_and_links_to_is_spanish(translations, spanish):
    for event in EventPage.objects.filter(locale=spanish):
        related = [event.category, *event.concerns.all(), *event.partners.all()]
        assert {each.locale for each in related} == {spanish}, event
    for name in ("concerns", "partners"):
        events = EventPage.objects.exclude(**{name: None})
        counts = [events.filter(locale=each).count() for each in (spanish, Locale.get_default())]
        assert counts[0] == counts[1] > 0, name
    for page in pages_in(spanish).specific():
        text = str(page.body.raw_data[:]) if hasattr(page, "body") else ""
        linked = Page.objects.filter(pk__in=re.findall(r'linktype="page" id="(\d+)"', text))
        assert set(linked.values_list("locale", flat=True)) <= {spanish.pk}, page


def test_whoever_may_change_the_english_may_change_the_spanish(translations, spanish):
    granted = [
        set(GroupPagePermission.objects.filter(page=home).values_list("group", "permission"))
        for home in HomePage.objects.all()
    ]
    assert granted[0] == granted[1] != set()


def test_a_second_run_adds_nothing_and_brings_nothing_back(translations, spanish):
    page = StandardPage.objects.get(slug="privacidad")
    page.title = "Otra"
    page.save_revision().publish()
    EventPage.objects.get(slug="empieza-el-piloto").delete()
    GlossaryTerm.objects.get(locale=spanish, slug="mou").delete()
    before = Page.objects.count(), GlossaryTerm.objects.count()
    assert add_translations.call() == 0
    assert (Page.objects.count(), GlossaryTerm.objects.count()) == before
    page.refresh_from_db()
    assert page.title == "Otra"


def test_the_translation_of_a_changed_original_is_a_draft(starter_content, spanish, only):
    only(HOME, PRIVACY, ("texts", "accessibility"), ("glossary", "mou"))
    page = StandardPage.objects.get(slug="privacy")
    page.body.pop()
    page.save_revision().publish()
    term = GlossaryTerm.objects.get(slug="mou")
    term.definition = "Another one."
    term.save_revision().publish()
    assert add_translations.call() == 4
    translation = StandardPage.objects.get(slug="privacidad")
    assert not translation.live
    assert "Cuando lee este sitio" in str(translation.get_latest_revision_as_object().body)
    assert not GlossaryTerm.objects.get(locale=spanish, slug="mou").live
    assert StandardPage.objects.get(slug="accesibilidad").live


def test_a_page_that_an_editor_translates_is_left_alone(starter_content, spanish, only, admin_user):
    only(HOME, PRIVACY)
    HomePage.objects.get().copy_for_translation(spanish)
    page = StandardPage.objects.get(slug="privacy")
    mine = page.copy_for_translation(spanish)
    mine.title = "Mi privacidad"
    mine.save_revision(user=admin_user, log_action=True)
    add_translations.call()
    mine.refresh_from_db()
    assert mine.get_latest_revision_as_object().title == "Mi privacidad"
    assert not mine.live


def test_below_a_home_page_that_is_a_draft_all_pages_are_drafts_in_their_words(
    starter_content, spanish, only, admin_user
):
    """An editor has begun with the home page. Nothing is published below it, but nothing is lost, either."""
    only(HOME, PRIVACY)
    begin(HomePage.objects.get(), spanish).save_revision(user=admin_user, log_action=True)
    assert add_translations.call() == 1
    page = StandardPage.objects.get(locale=spanish)
    assert not page.live
    assert page.get_latest_revision_as_object().title == "Privacidad"


def test_without_its_parent_a_page_is_not_added(starter_content, spanish, only):
    only(PRIVACY)
    assert add_translations.call() == 0
    assert not pages_in(spanish).exists()


def test_a_run_that_was_killed_goes_on(starter_content, spanish, only, monkeypatch):
    only(HOME, PRIVACY)
    finish = Translator.finish

    def die(self, name, key, original):
        if key == "privacy":
            raise KeyboardInterrupt
        finish(self, name, key, original)

    with monkeypatch.context() as patch:
        patch.setattr(Translator, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            add_translations.call()
    assert not StandardPage.objects.get(locale=spanish).live
    assert add_translations.call() == 1
    assert StandardPage.objects.get(locale=spanish).title == "Privacidad"
    assert StandardPage.objects.get(locale=spanish).live


def test_a_bad_file_and_a_bad_page_are_named_and_the_rest_is_added(
    starter_content, spanish, monkeypatch, caplog
):
    load = reading.load

    def spoil(folder, name):
        if name == "es/events":
            raise DataError("es/events.yaml is not valid YAML.")
        held = load(folder, name)
        if name == "es/texts":
            held = {key: held[key] for key in ("privacy", "accessibility")}
            held["privacy"]["body"] = [{"text": "<p>[nobody]</p>"}] * len(held["privacy"]["body"])
            held["accessibility"]["titel"] = "?"
        if name == "es/pages":
            held = {"home": held["home"], "contact": held["contact"]}
        return {} if name.startswith("es/") and name not in ("es/texts", "es/pages") else held

    monkeypatch.setattr(reading, "load", spoil)
    assert add_translations.call() == 2
    assert {page.slug for page in pages_in(spanish).live()} == {"inicio", "contacto"}
    for words in (
        "es/events.yaml is not valid",
        "es/texts.yaml, accessibility: the key 'titel'",
        "texts, privacy",
    ):
        assert words in caplog.text


def test_a_site_without_spanish_gets_nothing_of_it(starter_content, spanish, settings):
    settings.LANGUAGES = settings.WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
    assert add_translations.call() == 0
    assert not pages_in(spanish).exists()


def test_the_worker_adds_them_a_minute_after_the_start(starter_content, settings):
    settings.TASKS = {"default": {"BACKEND": "leadwatch.processes.task_backend.Backend"}}
    call_command("load_starter_content", verbosity=0)
    queued = DBTaskResult.objects.get(task_path=add_translations.module_path)
    assert queued.run_after > timezone.now()
    assert ConcernPage.objects.count() == 5
    assert TimelinePage.objects.count() == 1


def test_a_start_reads_no_file_and_queues_nothing_if_all_was_added(
    translations, settings, monkeypatch, django_assert_num_queries
):
    settings.TASKS = {"default": {"BACKEND": "leadwatch.processes.task_backend.Backend"}}
    monkeypatch.setattr(reading.yaml, "safe_load", None)
    with django_assert_num_queries(2):
        add_later()
    assert not DBTaskResult.objects.exists()
    monkeypatch.setattr(reading, "version", lambda: "of the next release")
    add_later()
    assert DBTaskResult.objects.count() == 1


def test_an_original_with_another_address_is_named_once(starter_content, spanish, only, caplog):
    only(HOME, PRIVACY, ("texts", "accessibility"))
    page = StandardPage.objects.get(slug="privacy")
    page.slug = "our-privacy"
    page.save_revision().publish()
    assert is_any_missing()
    assert add_translations.call() == 2
    assert "texts, privacy has another address or is gone" in caplog.text
    assert not is_any_missing()
    # An original that was renamed later has its translation already.
    StandardPage.objects.filter(slug="accessibility").update(slug="access")
    caplog.clear()
    add_translations.call()
    assert "accessibility" not in caplog.text


def test_a_run_that_was_killed_is_not_the_last(starter_content, spanish, only, monkeypatch):
    only(HOME)
    monkeypatch.setattr(Translator, "find_originals", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        add_translations.call()
    assert is_any_missing()
