"""The words of the admin's screens are those of its readers."""

import re
from pathlib import Path

import polib
import pytest
import wagtail
import wagtail_modeladmin
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from wagtail.models import PageLogEntry, Revision, WorkflowState
from wagtail.test.utils.form_data import streamfield
from wagtail.users.models import UserProfile

from home.blocks import BodyBlock
from tests.support import factories
from tests.support.forms import data_of
from tests.support.words import words_on
from timeline.exchange.fields import write_event
from timeline.exchange.references.resolver import Resolver
from timeline.models import EventPage

LOCALE = Path(__file__).parents[2] / "leadwatch" / "wagtail_locale"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def review(django_user_model):
    """A page in review for which a moderator requested changes."""
    people = {}
    for group, name in (("Contributors", "Cora"), ("Moderators", "Mona")):
        people[name] = django_user_model.objects.create_user(
            name.lower(), email=f"{name}@example.org", first_name=name
        )
        people[name].groups.add(Group.objects.get(name=group))
    event = factories.make_event(title="A meeting", live=False, owner=people["Cora"])
    event.save_revision(user=people["Cora"])
    state = event.get_workflow().start(event, people["Cora"])
    state.current_task_state.specific.reject(user=people["Mona"], comment="Say who came.")
    state.refresh_from_db()
    return event, state, people


def screens(event, state):
    number = event.pk
    return {
        "home": [],
        "pages:edit": [number],
        "pages:history": [number],
        "pages:workflow_history": [number],
        "pages:workflow_history_detail": [number, state.pk],
        "pages:revisions_revert": [number, event.latest_revision_id],
        "pages:revisions_compare": [number, "earliest", "latest"],
        "pages:usage": [number],
        "pages:move": [number],
        "explore_root": [],
        "explore": [event.get_parent().pk],
        "reports:workflow": [],
        "reports:workflow_tasks": [],
        "reports:site_history": [],
        "reports:aging_pages": [],
        "account": [],
    }


# Words of developers, such as Python's None; "rejected" is no word of ours for what an author may mend.
FOREIGN = re.compile(
    r"\b((?-i:None)|StreamBlock|StructBlock|root level|rejected|Page/Snippet|pages/snippets)\b", re.I
)


def screen(client, name, args):
    answer = client.get(reverse(f"wagtailadmin_{name}", args=args))
    assert answer.status_code == 200, name
    return words_on(answer.text)


@pytest.mark.parametrize("language", ["en", "es"])
def test_screens_for_actions_without_a_user_and_requested_changes_have_no_developers_words(
    review, client, admin_user, language
):
    event, state, _people = review
    UserProfile.objects.update_or_create(user=admin_user, defaults={"preferred_language": language})
    PageLogEntry.objects.update(user=None)
    Revision.objects.update(user=None)
    WorkflowState.objects.update(requested_by=None)
    client.force_login(admin_user)
    read = {name: screen(client, name, args) for name, args in screens(event, state).items()}
    for name, words in read.items():
        assert not FOREIGN.search(words), (name, FOREIGN.search(words))
    system, asked = {
        "en": ("the system", "Changes asked for"),
        "es": ("el sistema", "Se pidieron cambios"),
    }[language]
    for name in ("pages:revisions_revert", "reports:site_history", "reports:aging_pages", "pages:history"):
        assert system in read[name], name
    for name in ("pages:workflow_history_detail", "reports:workflow_tasks", "pages:edit"):
        assert asked in read[name], name


def test_the_first_screen_names_the_site(client):
    title = BeautifulSoup(client.get(reverse("wagtailadmin_login")).content, "html.parser").title.string
    assert title == "Sign in - New Haven LEAD Watch"
    heading = "Sign in to New Haven LEAD Watch"
    assert heading in screen(client, "login", [])


def test_the_author_sees_who_asked_for_changes_and_the_comment(review, client):
    event, state, people = review
    client.force_login(people["Cora"])
    words = screen(client, "pages:edit", [event.pk])
    assert "Mona asked for changes. “Say who came.”" in words
    assert re.search(r"Asked for changes [\w ]+ by Mona\b", words)
    assert "by Cora" not in words.partition("Asked for changes")[2].partition("Moderators approval")[0]
    detail = screen(client, "pages:workflow_history_detail", [event.pk, state.pk])
    assert "Changes asked for by Mona" in detail
    assert "Asked for changes in “Moderators approval”" in screen(client, "pages:history", [event.pk])
    assert "Changes asked for in Moderators approval" in screen(client, "home", [])


def test_the_email_has_the_words_of_the_screen(review):
    [mailed] = [each for each in mail.outbox if each.to == ["Cora@example.org"]]
    assert mailed.subject == "Mona asked for changes."
    assert not FOREIGN.search(mailed.body)


# Words of developers in a message, and those messages of Wagtail that no screen of this site shows.
OF_THE_TRADE = re.compile(
    r"\b(StreamBlock|StructBlock|root level|rejected|snippets?|instances?|objects?|slugs?|moderation|locales?"
    r"|(?:model|page) log entr\w+|child pages?|sub-?pages?|parent pages?|alias(?:es)?)\b",
    re.I,
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|<[^>]*>")
NEVER_SHOWN = {"%(classname)s object (%(id)s)"}


def messages_of(*catalogs):
    """Yield each message of some catalogs as the site shows it, with its plural, in the active language."""
    for catalog in catalogs:
        for entry in polib.pofile(catalog):
            shown = [translation.gettext(entry.msgid)]
            if entry.msgid_plural:
                shown = [translation.ngettext(entry.msgid, entry.msgid_plural, n) for n in (1, 2)]
            if not entry.msgctxt and entry.msgid not in NEVER_SHOWN:
                yield from ((entry.msgid, words) for words in shown)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_message_has_words_of_developers(language):
    wagtails = Path(wagtail.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po")
    ours = LOCALE.parent / "locale" / "es" / "LC_MESSAGES" / "django.po"
    with translation.override(language):
        found = [
            message
            for message, words in messages_of(
                *(each for each in wagtails if "styleguide" not in each.parts), ours
            )
            if OF_THE_TRADE.search(PLACEHOLDER.sub(" ", words))
        ]
    assert not found


@pytest.mark.parametrize("language", ["en", "es"])
def test_reworded_messages_are_wagtails_and_have_our_words(language):
    stock = {
        entry.msgid
        for package in (wagtail, wagtail_modeladmin)
        for catalog in Path(package.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po")
        for entry in polib.pofile(catalog)
    }
    written = polib.pofile(LOCALE / language / "LC_MESSAGES" / "django.po")
    unknown = {entry.msgid for entry in written} - stock
    assert not unknown, f"After this upgrade, Wagtail words these differently. Reword them again: {unknown}"
    assert all(entry.translated() for entry in written)
    with translation.override(language):
        for entry in written:
            if entry.msgid_plural:
                words = {n: translation.ngettext(entry.msgid, entry.msgid_plural, n + 1) for n in (0, 1)}
                assert words == entry.msgstr_plural
            else:
                assert translation.gettext(entry.msgid) == entry.msgstr


def test_messages_are_reworded_in_every_language():
    english, spanish = (
        {entry.msgid for entry in polib.pofile(LOCALE / language / "LC_MESSAGES" / "django.po")}
        for language in ("en", "es")
    )
    assert english <= spanish


@pytest.mark.skipif(wagtail.VERSION >= (8,), reason="Its new messages are translated when the site uses it.")
@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_wagtail_has_no_message_without_spanish(domain):
    """Its own Spanish catalogs lack some."""
    catalogs = Path(wagtail.__file__).parent.rglob(f"locale/en/LC_MESSAGES/{domain}.po")
    wagtails = [each for each in catalogs if "styleguide" not in each.parts]
    ours = [LOCALE / "es" / "LC_MESSAGES" / f"{domain}.po"]
    if domain == "django":
        # The site says some of the same words.
        ours.append(LOCALE.parent / "locale" / "es" / "LC_MESSAGES" / "django.po")
    spanish = [catalog.parents[2] / "es" / "LC_MESSAGES" / catalog.name for catalog in wagtails] + ours
    known = {
        entry.msgid for each in spanish if each.exists() for entry in polib.pofile(each).translated_entries()
    }
    lacking = {entry.msgid for each in wagtails for entry in polib.pofile(each)} - known
    assert lacking <= NEVER_SHOWN


# As to a friend, or live as on television.
FAMILIAR = re.compile(
    r"\b(tu|tus|ti|tienes|tengas|puedes|quieres|deseas|estás|te gustaría|introduce|escoge|en vivo)\b", re.I
)


@pytest.mark.skipif(wagtail.VERSION >= (8,), reason="Its new messages are translated when the site uses it.")
def test_wagtail_says_usted_as_the_site_does():
    wagtails = Path(wagtail.__file__).parent.rglob("locale/en/LC_MESSAGES/django.po")
    with translation.override("es"):
        found = {
            message: words
            for message, words in messages_of(*(each for each in wagtails if "styleguide" not in each.parts))
            if FAMILIAR.search(words)
        }
    assert not found


def test_wagtails_scripts_speak_spanish(client, admin_user):
    UserProfile.objects.update_or_create(user=admin_user, defaults={"preferred_language": "es"})
    client.force_login(admin_user)
    catalog = client.get(reverse("wagtailadmin_javascript_catalog")).text
    assert "Los cambios se guardaron autom\\u00e1ticamente." in catalog


@pytest.mark.parametrize("name", ["index", "add_multiple", "edit", "delete", "chooser"])
def test_the_screens_of_files_do_not_call_them_documents(admin_client, name):
    """On these screens, no visible text outside of the menu says "document"."""
    file = factories.make_file()
    address = {
        "edit": reverse("wagtaildocs:edit", args=[file.pk]),
        "delete": reverse("wagtaildocs:delete", args=[file.pk]),
        "chooser": reverse("wagtaildocs_chooser:choose"),
    }
    answer = admin_client.get(address.get(name) or reverse(f"wagtaildocs:{name}"))
    words = words_on(answer.text)
    assert not re.findall(".{30}document.{30}", words, re.I)


QUOTE = {"text": "", "source_title": "A hearing", "source_url": ""}
BUTTON = {"text": "On", "page": None, "url": ""}


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("quote", QUOTE, ["Quote", "Words quoted: This field is required."]),
        ("button", BUTTON, ["Button", "Choose a page or enter an address, but not both."]),
    ],
)
def test_an_error_in_a_block_names_the_block_and_the_field(kind, value, words):
    body = BodyBlock()
    with pytest.raises(ValidationError) as refused:
        body.clean(body.to_python([{"type": kind, "value": value, "id": "b"}]))
    assert refused.value.messages == [(", " if kind == "quote" else ": ").join(words)]
    assert refused.value.block_errors[0].messages == words[1:]


def test_an_import_names_the_wrong_block_and_field():
    event = EventPage()
    timeline = factories.make_timeline()
    record = {"body": [{"type": "button", "value": {"text": "On", "page": None, "url": "nowhere"}}]}
    [problem] = write_event(event, record, Resolver(timeline))
    assert "Button, " in problem
    assert "Begin the address with https://" in problem


def test_the_message_after_a_failed_save_names_the_field_in_the_block(admin_client):
    event = factories.make_event(title="Protest", live=False, sources=[])
    answer = admin_client.post(
        reverse("wagtailadmin_pages:edit", args=[event.pk]),
        # The missing source is an error of the whole page, so Wagtail lists all errors.
        data_of(event, body=streamfield([("button", BUTTON | {"page": ""})])) | {"action-publish": "1"},
    )
    errors = BeautifulSoup(answer.content, "html.parser").select(".messages .errorlist li")
    assert "Text: Button: Choose a page or enter an address, but not both." in [
        error.get_text(strip=True) for error in errors
    ]
    assert "Validation error in" not in answer.content.decode()
