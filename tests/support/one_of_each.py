"""An instance of every model of the site, with texts that a test can look for."""

import datetime as dt

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import PageViewRestriction

from home.mail.models import OutgoingMail
from home.models import (
    Assignment,
    AuthenticatorApp,
    ContactMessage,
    Correction,
    InboxKey,
    MessageNote,
    RecoveryCodes,
    SiteSettings,
    Suggestion,
    Trace,
    Translation,
    TryCounter,
    User,
    WithheldVersion,
    WordingChange,
)
from search.models import FacetSet, KnownWord, MissedSearch
from tests.support import factories
from tests.support.pages import PAGE_TYPES
from timeline.models import EmbedSettings, EventImport, EventSource

OURS = {"leadwatch", "search", "timeline", "concerns", "home"}


def models():
    """Return the models that have a table, with those of many-to-many fields."""
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.app_label in OURS and not model._meta.proxy]


def fill():
    """Make the instances. What is there already stays, such as the starter content."""
    user = make_person()
    make_pages(user)
    make_small_ones(user)


def make_person():
    user = User.objects.create_user("of-the-release", "editor@example.org", "a long password")
    user.groups.add(Group.objects.get(name="Editors"))
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    AuthenticatorApp.objects.create(user=user, name="App")
    RecoveryCodes.objects.create(user=user, name="Codes").make()
    return user


def make_pages(user):
    for make, _budget in PAGE_TYPES.values():
        make()
    image, file = factories.make_image(title="A photo of the release"), factories.make_file()
    image.get_rendition("width-20")
    concern = factories.make_concern(slug="release-concern", title="A concern of the release")
    partner = factories.make_partner(slug="release-partner", title="A partner of the release")
    source = EventSource(
        **factories.source_fields(title="A source of the release", url="https://example.org/article")
    )
    fields = {"date": "2019-05", "place": "New Haven", "lead_image": image, "sources": [source]}
    event = factories.make_event(
        slug="release",
        title="An event of the release",
        body='[{"type": "text", "value": "<p>Words of the release</p>"}]',
        concerns=[concern],
        partners=[partner],
        **fields,
    )
    event.corrections = [Correction(date=dt.date(2024, 5, 6), text="A correction of the release")]
    event.save_revision().publish()
    WordingChange.objects.create(page=event, digest="a digest")
    day = dt.date(2024, 5, 6)
    factories.make_copy("https://news.example/story", title="A story", text="What it says", asked_by=user)
    WithheldVersion.objects.create(page=event, day=day, withheld_on=day, withheld_by=user, reason="A name")
    content = event.serializable_data()
    Suggestion.objects.create(page=event, user=user, base=content, content=content, reason="A reason")
    factories.make_event(slug="release-draft", title="A draft of the release", live=False, owner=user)
    factories.make_document(slug="release-document", title="A document of the release", file=file)
    factories.make_file_page(file)
    private = factories.make_standard_page(slug="release-private", title="A private page of the release")
    PageViewRestriction.objects.create(page=private, restriction_type="password", password="secret")
    factories.make_era(headline="An era of the release")
    factories.make_figure(title="A figure of the release", slug="release-figure")
    factories.make_term(term="A term of the release", slug="release-term")


def make_small_ones(user):
    category = factories.make_category("release-category")
    category.former_slugs.create(slug="former-category")
    EventImport.objects.create(timeline=factories.make_timeline(), user=user, name="a.json", content=b"{}")
    key = InboxKey.objects.create(public="age1", private="sealed", made_by=user)
    message = ContactMessage.objects.create(
        page=factories.make_contact(), form_data={"your_message": "A message of the release"}
    )
    MessageNote.objects.create(message=message, text="sealed", key=key, made_by=user)
    Assignment.objects.create(message=message, person=user)
    Translation.objects.create(translation_key=category.translation_key, locale=category.locale)
    OutgoingMail.objects.create(recipient="editor@example.org", subject="A mail", content={"body": "Words"})
    TryCounter.objects.create(key="a key", until=timezone.now())
    Trace.objects.create(digest="a digest", kind="sent", expires_at=timezone.now())
    KnownWord.objects.get_or_create(language="en", word="release")
    MissedSearch.objects.create(term="zebra", day=dt.date(2024, 5, 6))
    make_unused()
    SiteSettings.load()
    EmbedSettings.load()


def make_unused():
    """Make what can be deleted, of models whose other instances are needed."""
    factories.make_image(title="An unused photo")
    factories.make_file(title="An unused file")
    factories.make_category("unused-category")
    User.objects.create_user("unused")
    InboxKey.objects.create(public="age1", private="unused")
    FacetSet.objects.create(marks="unused")
