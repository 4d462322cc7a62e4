"""Words that not everybody who signs in may read, planted in objects of somebody else."""

from wagtail.models import Comment, PageViewRestriction

from home.mail.models import OutgoingMail
from home.models import User
from tests.support import factories
from tests.support.permissions.world import World
from timeline.models import EventSource

# A word for each kind of secret. docs/permissions.md says who may read it.
WORDS = {
    "The title of a draft": "zebratitle",
    "The text and the sources of a draft": "zebratext",
    "Earlier versions of a page": "zebraearlier",
    "Changes of a live page that are not published": "zebrachange",
    "Comments on a draft": "zebracomment",
    "What a moderator wrote about a page in review": "zebrareview",
    "The draft of a figure, term or category": "zebrasnippet",
    "The text of messages": "zebramessage",
    "The file of an import": "zebraimport",
    "The password of a page": "zebrapassword",
    "Mails that could not be sent": "zebramail",
    "Email addresses of other people": "zebra@example.org",
}


class SecretWorld(World):
    """The site, with a secret in each object of somebody else."""

    def __init__(self):
        super().__init__()
        User.objects.filter(pk=self.other.pk).update(email="zebra@example.org")
        self.plant_in_draft()
        self.plant_in_pages()
        self.plant_elsewhere()

    def plant_in_draft(self):
        source = EventSource(**factories.source_fields(title="zebratext", publisher="zebratext"))
        self.draft = self.make_event(
            title="zebratitle", slug="zebratitle", summary="zebraearlier", live=False, sources=[source]
        )
        self.draft.summary, self.draft.place = "zebratext", "zebratext"
        self.draft.save_revision(user=self.other)
        self.draft.save()
        Comment.objects.create(
            page=self.draft, user=self.other, text="zebracomment", contentpath="summary", position=""
        )

    def plant_in_pages(self):
        self.live.summary = "zebrachange"
        self.live.save_revision(user=self.other)
        state = self.workflow_state.current_task_state
        state.comment = "zebrareview"
        state.save()
        self.private = factories.make_standard_page(owner=self.other)
        PageViewRestriction.objects.create(
            page=self.private, restriction_type=PageViewRestriction.PASSWORD, password="zebrapassword"
        )

    def plant_elsewhere(self):
        drafts = {self.figure: "description", self.term: "definition", self.category: "description"}
        for snippet, field in drafts.items():
            setattr(snippet, field, "zebrasnippet")
            snippet.save_revision(user=self.other)
        self.message.form_data = {"your_message": "zebramessage"}
        self.message.save()
        for sent in (self.sent, self.imported):
            sent.content = b'{"events": [{"text": {"headline": "zebraimport"}}]}'
            sent.save()
        OutgoingMail.objects.create(recipient="zebramail@example.org", subject="zebramail", due_at=None)
