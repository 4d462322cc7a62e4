"""Translators are told once when an original says something else."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.users.models import UserProfile

from home.models import Translation
from home.translating.beginning import begin
from home.translating.following import follow
from tests.support import factories
from tests.support.people import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def editor(spanish):
    user = member("Editors")
    user.email = "tessa@example.org"
    user.save()
    return user


@pytest.fixture
def text():
    return factories.make_standard_page(title="Staying safe", summary="Close this page.")


@pytest.fixture
def translation(text, spanish, editor):
    return begin(text, spanish, editor)


def publish(thing, user=None, **fields):
    thing = type(thing).objects.get(pk=thing.pk)
    for name, value in fields.items():
        setattr(thing, name, value)
    thing.save_revision(user=user).publish()
    return type(thing).objects.get(pk=thing.pk)


def lines(user):
    """Return what waits for somebody about originals, with where it leads."""
    client = Client()
    client.force_login(user)
    links = BeautifulSoup(client.get("/admin/").content, "html.parser").select(".lw-front a")
    return [(link.get_text(strip=True), link["href"]) for link in links if "original" in link.text]


def test_the_translator_gets_a_mail_without_content_and_reads_the_rest_at_home(text, translation, editor):
    assert lines(editor) == []
    publish(text, summary="Leave this page.")
    [letter] = mail.outbox
    form = reverse("wagtailadmin_pages:edit", args=[translation.pk])
    assert letter.to == ["tessa@example.org"]
    assert form in letter.body
    assert "safe" not in letter.subject + letter.body
    assert "Leave" not in letter.subject + letter.body
    today = date_format(timezone.localdate())
    assert lines(editor) == [(f"“Staying safe”: the original was changed on {today}.", form)]
    assert lines(member("Editors")) == []


def test_she_is_told_once_until_it_is_up_to_date(text, translation, editor):
    publish(text, summary="Leave this page.")
    text = publish(text, summary="Leave it at once.")
    assert len(mail.outbox) == 1
    publish(translation.get_parent().specific)
    follow(translation, text)
    publish(translation, editor)
    assert lines(editor) == []
    publish(text, summary="Leave it now.")
    assert len(mail.outbox) == 2


def test_nobody_is_told_of_what_is_shared_or_of_her_own_change(text, translation, editor):
    publish(text, social_image=factories.make_image())
    assert lines(editor) == []
    publish(text, editor, summary="Leave this page.")
    assert mail.outbox == []
    assert len(lines(editor)) == 1


@pytest.mark.parametrize("state", ["left", "inactive", "without rights", "made by the site"])
def test_nobody_else_is_told_in_place_of_somebody_who_cannot_work_on_it(text, translation, editor, state):
    if state == "left":
        editor.delete()
    elif state == "inactive":
        type(editor).objects.filter(pk=editor.pk).update(is_active=False)
    elif state == "without rights":
        editor.groups.clear()
    else:
        translation.save_revision()
    publish(text, summary="Leave this page.")
    assert mail.outbox == []
    assert Translation.objects.of(translation).get().behind_since


def test_a_mail_server_that_refuses_keeps_nothing_from_being_published(text, translation, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    assert publish(text, summary="Leave this page.").summary == "Leave this page."
    assert Translation.objects.of(translation).get().behind_since


def test_the_translator_of_a_term_is_told_in_her_language(spanish, editor):
    factories.make_glossary()
    term = publish(factories.make_term(term="Booking"))
    translation = begin(term, spanish)
    translation.save_revision(user=editor)
    profile = UserProfile.get_for_user(editor)
    profile.preferred_language = "es"
    profile.save()
    publish(term, definition="Another explanation.")
    [letter] = mail.outbox
    assert letter.body.startswith("Hola")
    assert [address for _words, address in lines(editor)] == [
        reverse(translation.snippet_viewset.get_url_name("edit"), args=[translation.pk])
    ]
