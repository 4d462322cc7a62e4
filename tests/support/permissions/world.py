"""People who request the URLs, and an object of each kind that a URL of the admin may be about."""

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Collection, Locale, Site, Task, UploadedFile, Workflow

from home.models import Assignment, ContactMessage, ExternalLink, SiteDocument, SiteImage, Suggestion, User
from leadwatch.groups import set_up_groups
from tests.support import factories
from tests.support.versions import VERSION, date_back
from timeline.models import EventImport, EventSource

GROUPS = {"C": "Contributors", "E": "Editors", "M": "Moderators"}
# Anonymous, the three groups and an administrator, by their letters in the table.
PEOPLE = "NCEMA"


class World:
    """
    The site before each request.

    If it matters who owns an object, there is one of someone else's and one of each person's own.
    """

    def __init__(self):
        self.home = factories.make_home()
        set_up_groups(self.home)
        self.locale, self.site = Locale.get_default(), Site.objects.get()
        self.spanish = Locale.objects.get_or_create(language_code="es")[0]
        self.other = User.objects.create_superuser("other", "other@example.org")
        # An account that owns nothing, since others can't be deleted.
        self.newcomer = User.objects.create_user("newcomer")
        self.group = Group.objects.create(name="Some")
        self.people = {letter: self.make_person(letter) for letter in PEOPLE}
        self.make_pages()
        self.make_files()
        self.make_lists()
        self.own = {letter: self.things_of(user) for letter, user in self.people.items() if user}
        self.own["N"] = self.own["A"]
        self.cookies = {letter: self.sign_in(user) for letter, user in self.people.items()}

    def make_person(self, letter):
        if letter == "N":
            return None
        if letter == "A":
            return User.objects.create_superuser("administrator", "administrator@example.org")
        user = User.objects.create_user(f"one of {GROUPS[letter]}", f"{letter}@example.org")
        user.groups.add(Group.objects.get(name=GROUPS[letter]))
        return user

    def sign_in(self, user):
        client = Client()
        if user:
            client.force_login(user)
        return client.cookies.output(header="", sep=";")

    def client_of(self, letter):
        """Return a client with a fresh session in which one of the people is signed in."""
        client = Client()
        client.cookies.load(self.cookies[letter])
        return client

    def make_pages(self):
        """Create pages of someone else: a live page and its alias, a draft and a page in review."""
        self.timeline = factories.make_timeline()
        self.second_timeline = factories.make_timeline(slug="second")
        source = EventSource(**factories.source_fields(url="https://news.example/lead"))
        # Published on two days.
        self.live = date_back(VERSION, self.make_event(sources=[source]))
        self.live.save_revision(user=self.other).publish()
        self.draft = self.make_event(live=False)
        self.submitted = self.make_event(live=False)
        self.workflow, self.task = Workflow.objects.get(), Task.objects.get()
        self.workflow_state = self.workflow.start(self.submitted, self.other)
        self.contact = factories.make_contact(owner=self.other)
        self.message = ContactMessage.objects.create(page=self.contact, form_data={})
        self.assignment = Assignment.objects.create(page=self.draft, made_by=self.other)
        self.document_page = factories.make_document(owner=self.other)
        self.link = ExternalLink.objects.get()
        self.copy = factories.make_copy("https://news.example/lead")
        self.alias = self.live.create_alias(update_slug="alias", user=self.other)
        self.suggestion = self.make_suggestion(self.other)

    def make_event(self, owner=None, **fields):
        return factories.make_event(self.timeline, owner=owner or self.other, **fields)

    def make_suggestion(self, user):
        content = self.live.serializable_data()
        changed = content | {"place": "Hill North"}
        return Suggestion.objects.create(page=self.live, user=user, base=content, content=changed)

    def make_import(self, user, **fields):
        """Create an import with an uploaded file of events."""
        return EventImport.objects.create(
            timeline=self.timeline, user=user, name="events.json", content=b'{"events": []}', **fields
        )

    def make_finished_import(self, user):
        """Create an import that has been carried out."""
        return self.make_import(user, done={}, done_at=timezone.now())

    def make_files(self):
        """Create files of someone else: in the library, and half uploaded."""
        self.sent, self.imported = self.make_import(self.other), self.make_finished_import(self.other)
        self.image = factories.make_image(uploaded_by_user=self.other)
        self.document = factories.make_file(uploaded_by_user=self.other)
        self.upload = self.make_upload(self.other, SiteImage)
        self.document_upload = self.make_upload(self.other, SiteDocument)

    def make_upload(self, user, model):
        return UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            file=factories.image_file() if model is SiteImage else factories.make_file().file,
            uploaded_by_user=user,
        )

    def make_lists(self):
        """Create objects outside the page tree."""
        self.figure, self.term = factories.make_figure(), factories.make_term()
        self.category = factories.make_category("unused")
        for snippet in (self.figure, self.term, self.category):
            snippet.save_revision(user=self.other).publish()
        self.submitted_figure, self.submitted_term = (
            factories.make_figure(slug="submitted"),
            factories.make_term(slug="submitted"),
        )
        self.submitted_category = factories.make_category("submitted")
        for snippet in (self.submitted_figure, self.submitted_term, self.submitted_category):
            snippet.save_revision(user=self.other)
            self.workflow.start(snippet, self.other)
        self.collection = Collection.get_first_root_node().add_child(name="Scans")
        self.redirect = Redirect.objects.create(old_path="/old", redirect_link="https://example.org/")
        self.query = Query.get("lead")
        self.promotion = SearchPromotion.objects.create(query=self.query, page=self.live)

    def things_of(self, user):
        """Create objects that belong to a user."""
        shown_image = factories.make_image(uploaded_by_user=user)
        shown_document = factories.make_file(uploaded_by_user=user)
        source = EventSource(**factories.source_fields(document=shown_document))
        self.make_event(lead_image=shown_image, sources=[source])
        return {
            "shown_image": shown_image,
            "shown_document": shown_document,
            "draft": self.make_event(user, live=False),
            "suggestion": self.make_suggestion(user),
            "image": factories.make_image(uploaded_by_user=user),
            "document": factories.make_file(uploaded_by_user=user),
            "upload": self.make_upload(user, SiteImage),
            "document_upload": self.make_upload(user, SiteDocument),
            "sent": self.make_import(user),
            "imported": self.make_finished_import(user),
            "session": EditingSession.objects.create(
                user=user, content_object=self.live, last_seen_at="2026-01-01T00:00Z"
            ),
        }
