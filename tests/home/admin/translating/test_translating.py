"""Translating is an ordinary job of an Editor: beginning, the original beside the form, and the list."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Locale, Page, PageLogEntry, PageViewRestriction
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from home.models import Translation
from home.translating.beginning import begin
from tests.support import factories
from tests.support.people import member
from timeline.models import EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

BLOCK = "1f0c1c66-0000-4000-8000-00000000000{}"


def text(number, words):
    return {"type": "text", "value": f"<p>{words}</p>", "id": BLOCK.format(number)}


@pytest.fixture
def event(spanish):
    body = [text(1, "Ten people came."), text(2, "They sang.")]
    return factories.make_event(title="Meeting", summary="Ten people came.", date="2018-03", body=body)


@pytest.fixture
def editor(client, spanish):
    client.force_login(user := member("Editors"))
    return user


def publish(page, **fields):
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def translated(event, spanish):
    publish(begin(event.category, spanish))
    publish(begin(event.get_ancestors().get(depth=2).specific, spanish))
    return publish(begin(event, spanish), title="Reunión")


def soup_of(response):
    assert response.status_code == 200
    # The parser reads no words in templates, which a script shows.
    return BeautifulSoup(response.content.replace(b"template", b"div"), "html.parser")


def form_at(client, page):
    return soup_of(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])))


def data_of(page, **fields):
    data = {
        "title": page.title,
        "slug": page.slug,
        "summary": page.summary,
        "place": page.place,
        "body": streamfield([]),
        "corrections": inline_formset([]),
        "comments": inline_formset([]),
    }
    return nested_form_data(data) | fields


def list_of(client):
    """Return the originals in the list of translations to do, with what is said of each."""
    rows = soup_of(client.get(reverse("untranslated"))).select("table.listing tbody tr")
    return {
        row.select_one("a").get_text(strip=True): row.select("td")[-1].get_text(" ", strip=True)
        for row in rows
    }


def test_an_editor_begins_a_translation_from_the_page_she_reads(client, event, spanish, editor):
    address = reverse("begin_translation", args=["page", event.pk, "es"])
    assert address in client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()
    html = client.get(address).content.decode()
    assert "Translate into Spanish" in html
    assert "#icon-globe" in BeautifulSoup(html, "html.parser").select_one("header").decode()
    assert event.get_translation_or_none(spanish) is None
    response = client.post(address)
    translation = event.get_translation(spanish)
    assert response.url == reverse("wagtailadmin_pages:edit", args=[translation.pk])
    assert (translation.live, translation.latest_revision.user) == (False, editor)
    assert response.url in client.get(reverse("wagtailadmin_pages:edit", args=[event.pk])).content.decode()


@pytest.mark.parametrize("kind", ["page", "glossaryterm"])
def test_only_what_is_public_and_one_may_change_is_translated(client, event, spanish, kind):
    client.force_login(member("Contributors"))
    original = event if kind == "page" else factories.make_term()
    address = reverse("begin_translation", args=[kind, original.pk, "es"])
    assert client.post(address).status_code in (302, 403)
    client.force_login(member("Editors"))
    type(original).objects.filter(pk=original.pk).update(live=False)
    assert client.post(address).status_code in (302, 403)
    assert original.get_translation_or_none(spanish) is None


@pytest.mark.parametrize("place", ["revision/1/es", "page/999/es", "page/1/en", "page/1/xx", "user/1/es"])
def test_nothing_else_is_translated(client, editor, place):
    assert client.get(f"/admin/translations/{place}/").status_code == 404


def test_a_whole_section_is_sent_for_translation(client, event, spanish, editor):
    other = factories.make_event(title="Another")
    draft = factories.make_event(title="A draft", live=False)
    timeline = event.get_parent()
    address = reverse("begin_translation", args=["page", timeline.pk, "es"])
    assert "2 pages" in client.get(address).content.decode()
    client.post(address, {"below": "on"})
    found = {page.translation_key for page in Page.objects.filter(locale=spanish, live=False)}
    assert {timeline.translation_key, event.translation_key, other.translation_key} <= found
    assert draft.translation_key not in found


def test_the_original_is_beside_each_field_and_block(client, event, spanish, editor):
    translation = translated(event, spanish)
    soup = form_at(client, translation)
    sides = {side["data-side"]: side.get_text(" ", strip=True) for side in soup.select("div[data-side]")}
    assert sides["title"] == "Original Meeting"
    assert sides["summary"] == "Original Ten people came."
    assert sides[BLOCK.format(1)] == "Original Ten people came."
    assert not soup.select("[name=translation_answer]")


def test_what_is_the_same_in_both_languages_cannot_be_changed_here(client, event, spanish, editor):
    translation = translated(event, spanish)
    soup = form_at(client, translation)
    for name in ("date", "category", "verification", "sources-TOTAL_FORMS", "concerns"):
        assert not soup.select(f"[name={name}]"), name
    # Wagtail makes what has this class narrower beside an open side panel.
    assert "March 2018" in soup.select_one(".lw-original.w-form-width").get_text()
    # Not even by a form that was made by hand, or opened before.
    data = data_of(translation, title="Una reunión", date="2001", verification="disputed")
    client.post(reverse("wagtailadmin_pages:edit", args=[translation.pk]), data)
    draft = EventPage.objects.get(pk=translation.pk).get_latest_revision_as_object()
    assert (draft.title, draft.when, draft.verification) == ("Una reunión", "March 2018", event.verification)
    assert [each.title for each in draft.sources.all()] == [each.title for each in event.sources.all()]


def test_what_has_changed_since_is_marked(client, event, spanish, editor):
    translation = translated(event, spanish)
    body = event.body.get_prep_value()
    body = [
        body[0] | {"value": "<p>Twelve people came.</p>"},
        text(3, "Nobody sang."),
    ]
    publish(event, summary="Twelve people came.", body=body)
    soup = form_at(client, translation)
    sides = {side["data-side"]: side for side in soup.select("div[data-side]")}
    summary = sides["summary"]
    assert summary.select_one(".deletion").get_text() == "Ten"
    assert summary.select_one(".addition").get_text() == "Twelve"
    assert sides["title"].get_text(" ", strip=True) == "Original Meeting"
    assert "Original, changed" in sides[BLOCK.format(1)].get_text()
    assert "Not in the original any more" in sides[BLOCK.format(2)].get_text()
    new = sides[BLOCK.format(3)]
    assert "Only in the original Nobody sang." in new.get_text(" ", strip=True)
    assert (new["data-after"], "Nobody sang" in new["data-missing"]) == (BLOCK.format(1), True)


@pytest.mark.parametrize(("answer", "is_told"), [("done", False), ("later", True)])
def test_publishing_asks_whether_the_translation_is_up_to_date(client, event, spanish, answer, is_told):
    translation = translated(event, spanish)
    publish(event, summary="Twelve people came.")
    client.force_login(member("Moderators"))
    told = "La versión en inglés de esta página cambió"
    assert told in client.get(translation.url).content.decode()
    address = reverse("wagtailadmin_pages:edit", args=[translation.pk])
    data = data_of(translation, summary="Vinieron doce personas.", **{"action-publish": "true"})
    data["correction_answer"] = "wording"
    soup = soup_of(client.post(address, data))
    assert "Please choose one" in soup.select_one(".lw-original").get_text()
    assert soup.select_one("[name=summary]").get_text(strip=True) == "Vinieron doce personas."
    assert client.post(address, data | {"translation_answer": answer}).status_code == 302
    client.logout()
    response = client.get(translation.url).content.decode()
    assert "Vinieron doce personas." in response
    assert (told in response) == is_told


def test_saving_a_draft_asks_nothing(client, event, spanish, editor):
    translation = translated(event, spanish)
    publish(event, summary="Twelve people came.")
    address = reverse("wagtailadmin_pages:edit", args=[translation.pk])
    client.post(address, data_of(translation, summary="Vinieron doce personas."))
    draft = EventPage.objects.get(pk=translation.pk).get_latest_revision_as_object()
    assert draft.summary == "Vinieron doce personas."
    assert Translation.objects.of(translation).get().behind_since


def test_only_a_draft_that_is_saved_answers_for_the_review(client, event, spanish, editor):
    translation = translated(event, spanish)
    publish(event, summary="Twelve people came.")
    address = reverse("wagtailadmin_pages:edit", args=[translation.pk])
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[translation.pk])
    data = data_of(translation, summary="Vinieron doce personas.", translation_answer="done")
    client.post(address, data | {"autosave": "1"}, headers={"accept": "application/json"})
    client.post(preview, data)
    assert client.get(f"{preview}checks/").status_code == 200
    # Whether it is a correction is asked first, and the form is not saved.
    assert client.post(address, data | {"action-submit": "yes"}).status_code == 200
    assert form_at(client, translation).select("[name=translation_answer]")
    client.post(address, data)
    assert not form_at(client, translation).select("[name=translation_answer]")
    # Readers see the old text until a moderator publishes the new one.
    assert Translation.objects.of(translation).get().behind_since
    publish(EventPage.objects.get(pk=translation.pk).get_latest_revision_as_object())
    assert Translation.objects.of(translation).get().behind_since is None


def test_words_of_the_original_are_no_translation(event, spanish):
    translation = translated(event, spanish)
    words = [problem.words for problem in translation.problems()]
    assert "The summary is still in the words of the original." in words
    assert "2 blocks of text are still in the words of the original." in words
    body = translation.body.get_prep_value()
    # A text that was saved with the form has other markup.
    body = [
        body[0] | {"value": "<p>Vinieron diez personas.</p>"},
        body[1] | {"value": '<p data-block-key="abcde">They sang.</p>'},
    ]
    translation = publish(translation, summary="Vinieron diez personas.", body=body)
    words = [problem.words for problem in translation.problems()]
    assert not [each for each in words if "summary" in each]
    assert "1 block of text is still in the words of the original." in words


def test_whoever_suggests_a_change_is_not_asked(client, event, spanish):
    translation = translated(event, spanish)
    publish(event, summary="Twelve people came.")
    client.force_login(member("Contributors"))
    soup = soup_of(client.get(reverse("suggest_change", args=[translation.pk])))
    assert soup.select(".lw-original")
    assert not soup.select("[name=translation_answer]")


def test_the_form_of_a_term_has_its_original_beside_it(client, spanish, editor):
    factories.make_glossary()
    term = publish(factories.make_term(term="Booking", definition="Taking a person to the station."))
    translation = begin(term, spanish)
    publish(term, definition="Taking a person to a police station.")
    soup = soup_of(client.get(f"/admin/snippets/home/glossaryterm/edit/{translation.pk}/"))
    sides = {side["data-side"]: side for side in soup.select("div[data-side]")}
    assert sides["term"].get_text(" ", strip=True) == "Original Booking"
    assert sides["definition"].select_one(".addition")


def test_the_list_says_what_is_to_be_done(client, event, spanish, editor):
    publish(begin(event.category, spanish))
    behind = translated(factories.make_event(title="Behind", category=event.category), spanish)
    publish(EventPage.objects.get(title="Behind"), summary="Something else.")
    assert Translation.objects.of(behind).get().behind_since
    done = factories.make_event(title="Done", category=event.category)
    publish(begin(done, spanish))
    begin(factories.make_event(title="Begun", category=event.category), spanish)
    waiting = begin(factories.make_event(title="Waiting", category=event.category), spanish)
    waiting.save_revision()
    waiting.get_workflow().start(waiting, editor)
    factories.make_event(title="Private draft", live=False)
    factories.make_term(term="Booking")
    found = list_of(client)
    assert found["Meeting"] == "Not translated"
    assert found["Behind"].startswith("Original changed on")
    assert (found["Begun"], found["Waiting"], found["Booking"]) == (
        "Draft",
        "Waits for review",
        "Not translated",
    )
    assert not {"Done", "Private draft"} & found.keys()
    count = f"Spanish: {len(found)} translations are missing, drafts or out of date."
    assert count in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("languages", [1, 2])
def test_the_list_names_the_language_if_there_are_several(client, event, editor, settings, languages):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish"), ("fr", "French")][: languages + 1]
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    headings = soup_of(client.get(reverse("untranslated"))).select("table.listing thead th")
    names = [heading.get_text(strip=True) for heading in headings]
    assert names == ["Original", "Type", *["Language"] * (languages > 1), "State"]


def test_the_page_that_begins_a_translation_offers_a_machine_if_there_is_one(client, event, editor, settings):
    address = reverse("begin_translation", args=["page", event.pk, "es"])
    assert not soup_of(client.get(address)).select("[name=machine]")
    settings.DEEPL_API_KEY = "12345678-abcd:fx"
    assert soup_of(client.get(address)).select("[name=machine]")
    PageViewRestriction.objects.create(page=event, restriction_type="login")
    assert not soup_of(client.get(address)).select("[name=machine]")


def test_a_whole_section_is_translated_by_a_machine(client, event, spanish, editor, service):
    home = event.get_ancestors().get(depth=2).specific
    address = reverse("begin_translation", args=["page", home.pk, "es"])
    assert client.post(address, {"machine": "on", "below": "on"}).url == reverse("untranslated")
    translation = event.get_translation(spanish).get_latest_revision_as_object()
    assert (translation.title, translation.latest_revision.user) == ("MEETING", editor)
    assert list_of(client)["Meeting"] == "Translated by a machine, not read yet"


def test_a_machines_draft_is_published_when_somebody_has_read_it(client, event, spanish, editor, service):
    publish(begin(event.category, spanish))
    publish(begin(event.get_ancestors().get(depth=2).specific, spanish))
    begin_address = reverse("begin_translation", args=["page", event.pk, "es"])
    client.post(begin_address, {"machine": "on"})
    translation = event.get_translation(spanish).get_latest_revision_as_object()
    client.force_login(moderator := member("Moderators"))
    address = reverse("wagtailadmin_pages:edit", args=[translation.pk])
    copy = reverse("wagtailadmin_pages:copy", args=[translation.get_parent().pk])
    assert "is copied when somebody has read it" in client.get(copy, follow=True).text
    data = data_of(translation, **{"action-publish": "true"})
    response = client.post(address, data)
    assert "Say that you have read it. It is not published yet." in response.text
    assert "Translated by a machine. Read every sentence before you publish." in response.text
    client.post(
        address, data | {"machine_read": "on", "autosave": "1"}, headers={"accept": "application/json"}
    )
    assert Translation.objects.of(translation).get().machine == "unread"
    assert not event.get_translation(spanish).live
    assert client.post(address, data | {"machine_read": "on"}).status_code == 302
    assert event.get_translation(spanish).live
    assert PageLogEntry.objects.get(action="home.translation.read").user == moderator
    assert not form_at(client, translation).select("[name=machine_read]")
    assert "is copied when" not in client.get(copy, follow=True).text


def test_a_machines_term_is_published_when_somebody_has_read_it(client, spanish, editor, service):
    factories.make_glossary()
    term = publish(factories.make_term(term="Booking", definition="At the station."))
    client.post(reverse("begin_translation", args=["glossaryterm", term.pk, "es"]), {"machine": "on"})
    client.force_login(member("Moderators"))
    translation = term.get_translation(spanish).get_latest_revision_as_object()
    address = reverse(term.snippet_viewset.get_url_name("edit"), args=[translation.pk])
    fields = {"term": translation.term, "slug": translation.slug, "definition": translation.definition}
    data = fields | {"aliases": "", "action-publish": "true"}
    assert "Say that you have read it. It is not published yet." in client.post(address, data).text
    assert not term.get_translation(spanish).live
    copy = reverse(term.snippet_viewset.get_url_name("copy"), args=[translation.pk])
    assert "is copied when somebody has read it" in client.get(copy, follow=True).text
    client.post(copy, data | {"slug": "copy"}, follow=True)
    assert type(term).objects.count() == 2
    client.post(address, data | {"machine_read": "on"})
    translation = term.get_translation(spanish)
    assert (translation.live, translation.term) == (True, "BOOKING")
    assert "is copied when" not in client.get(copy, follow=True).text


def test_a_machine_that_fails_can_be_asked_again(client, event, spanish, editor, service):
    service.status = 456
    begin_address = reverse("begin_translation", args=["page", event.pk, "es"])
    client.post(begin_address, {"machine": "on"})
    soup = form_at(client, event.get_translation(spanish))
    assert "its quota is used up" in soup.select_one(".lw-original").text
    assert soup.select(f'.lw-original a[href="{begin_address}"]')
    assert list_of(client)["Meeting"] == "Draft: no machine translated it"
