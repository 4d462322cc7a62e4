"""A machine may begin a translation, which nobody sees before a person has read it."""

import pytest
from wagtail.models import PageViewRestriction

from home.content_checks.obstacles import NotPublishable
from home.external_links.errors import FetchError, Reason
from home.models import Figure, FigureValue, Translation
from home.translating import deepl, machine
from home.translating.beginning import begin
from home.translating.models import Machine
from tests.support import factories
from tests.support.deepl import KEY

pytestmark = pytest.mark.django_db


@pytest.fixture
def original(db):
    body = [
        {"type": "text", "value": "<p>They <b>sang</b>.</p>", "id": "1f0c1c66-0000-4000-8000-000000000001"}
    ]
    return factories.make_standard_page(title="Safety", summary="Close this page.", body=body)


def ask(original, spanish, **kwargs):
    machine.ask_for(begin(original, spanish), original, **kwargs)
    translation = type(original).objects.get(translation_key=original.translation_key, locale=spanish)
    return translation.get_latest_revision_as_object()


def state(thing):
    return Translation.objects.of(thing).get().machine


def publish(page):
    page.save_revision().publish()


def test_the_draft_has_the_words_of_the_machine_and_the_service_gets_no_others(service, original, spanish):
    type(original).objects.get().save_revision().as_object()
    draft = ask(original, spanish)
    assert (draft.title, draft.summary) == ("SAFETY", "CLOSE THIS PAGE.")
    assert draft.body[0].value.source == "<p>THEY <b>SANG</b>.</p>"
    assert state(draft) == Machine.UNREAD
    assert service.texts == ["Safety", "Close this page.", "<p>They <b>sang</b>.</p>"]
    plain, html = service.questions
    assert (plain["source_lang"], plain["target_lang"], plain["formality"]) == ("EN", "ES", "prefer_more")
    assert ("tag_handling" in plain, html["tag_handling"]) == (False, "html")
    headers = service.site.asked[0][2]
    assert headers["Authorization"] == f"DeepL-Auth-Key {KEY}"


def test_the_groups_of_a_figure_get_names_once(service, spanish):
    figure = factories.make_figure(title="Arrests", breakdown="neighborhood")
    figure.values = [
        FigureValue(group=group, value=1, period_start=year)
        for year in ("2018", "2019")
        for group in ("Downtown", "Hill North", "East Rock")
    ]
    figure.save_revision().publish()
    figure = Figure.objects.get(pk=figure.pk)
    service.answers["East Rock"] = "East Rock " * 20
    draft = begin(figure, spanish)
    draft.group_words = {"Hill North": "Loma Norte"}
    draft.save_revision()
    draft = ask(figure, spanish)
    assert draft.title == "ARRESTS"
    assert draft.group_words == {"Downtown": "DOWNTOWN", "Hill North": "Loma Norte"}
    assert service.texts.count("Downtown") == 1


def test_words_of_a_draft_of_the_original_are_not_sent(service, original, spanish):
    original.summary = "A secret."
    original.save_revision()
    ask(type(original).objects.get(), spanish)
    assert "A secret." not in service.texts


def test_nothing_is_sent_without_a_key_or_from_a_private_page(service, original, spanish, settings):
    PageViewRestriction.objects.create(page=original, restriction_type="login")
    draft = ask(original, spanish)
    assert (draft.title, state(draft)) == ("Safety", Machine.NONE)
    PageViewRestriction.objects.all().delete()
    settings.DEEPL_API_KEY = ""
    assert state(ask(original, spanish)) == Machine.NONE
    assert service.questions == []


def test_what_a_person_has_written_stays(service, original, spanish):
    translation = begin(original, spanish)
    translation.summary = "Cierre esta página."
    translation.save_revision()
    draft = ask(original, spanish)
    assert (draft.title, draft.summary) == ("SAFETY", "Cierre esta página.")


def test_what_is_published_meanwhile_is_left_alone(service, original, spanish, monkeypatch):
    home = begin(original.get_parent().specific, spanish)
    publish(home)
    translation = begin(original, spanish)
    monkeypatch.setattr(deepl, "translate", lambda texts, language: publish(translation) or {})
    machine.ask_for(translation, original)
    translation = type(original).objects.get(pk=translation.pk)
    assert (translation.live, translation.title) == (True, "Safety")
    machine.ask_for(translation, original)
    assert type(original).objects.get(pk=translation.pk).get_latest_revision_as_object().title == "Safety"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(403, Machine.REFUSED), (456, Machine.REFUSED), (429, Machine.AWAY), (503, Machine.AWAY)],
)
def test_when_the_service_fails_the_draft_keeps_its_words_and_the_editor_is_told(
    service, original, spanish, status, expected, caplog
):
    service.status = status
    draft = ask(original, spanish)
    assert (draft.title, state(draft)) == ("Safety", expected)
    assert f"status {status}" in caplog.text
    assert KEY not in caplog.text
    # It may be asked again.
    service.status = 200
    assert ask(original, spanish).title == "SAFETY"


def test_an_odd_answer_and_none_at_all_change_nothing(service, original, spanish, monkeypatch):
    for answer in (b"", b"[]", b'{"translations": []}', b'{"translations": [{"text": 1}, {"text": 2}]}'):
        service.site.pages["POST /v2/translate"] = lambda content, answer=answer: (200, answer)
        assert ask(original, spanish).title == "Safety"

    def refuse(*args):
        raise FetchError(Reason.SILENT)

    monkeypatch.setattr(deepl, "post", refuse)
    draft = ask(original, spanish)
    assert (draft.title, state(draft)) == ("Safety", Machine.AWAY)


def test_a_page_that_is_too_long_is_not_sent(service, original, spanish, monkeypatch):
    monkeypatch.setattr(deepl, "MOST", 10)
    assert state(ask(original, spanish)) == Machine.REFUSED
    assert service.questions == []


def test_long_pages_are_sent_in_parts(service, original, spanish, monkeypatch):
    monkeypatch.setattr(deepl, "TEXTS", 1)
    assert ask(original, spanish).summary == "CLOSE THIS PAGE."
    assert [len(question["text"]) for question in service.questions] == [1, 1, 1]


@pytest.mark.parametrize(("key", "host"), [(KEY, "api-free.deepl.com"), ("12345678-abcd", "api.deepl.com")])
def test_the_key_says_which_service_it_belongs_to(settings, key, host):
    settings.DEEPL_API_KEY = key
    assert deepl.address() == f"https://{host}/v2/translate"


def test_a_page_and_a_term_are_not_published_before_somebody_has_read_them(service, original, spanish):
    factories.make_glossary()
    publish(begin(original.get_parent().specific, spanish))
    for thing in (original, factories.make_term(term="Booking", definition="At the station.")):
        thing.save_revision().publish()
        draft = ask(type(thing).objects.get(pk=thing.pk), spanish)
        with pytest.raises(NotPublishable, match="translated by a machine"):
            publish(draft)
        draft.live = True
        with pytest.raises(NotPublishable, match="translated by a machine"):
            draft.save()
        machine.note_as_read(draft)
        publish(draft)
        assert type(thing).objects.get(pk=draft.pk).live
