from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.forms.forms import WagtailAdminFormPageForm
from wagtail.contrib.forms.models import (
    AbstractFormField,
    AbstractFormSubmission,
    FormMixin,
    validate_to_address,
)
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from home.conditions import any_of
from home.forms.contact import MessageForm, MessageFormBuilder
from home.forms.pages import BasePageForm
from home.forms.panels import RowsPanel
from home.models.base import BodyPage
from home.sealing.files import seal
from home.sealing.models import InboxKey
from home.text import clean_text


class ContactFormField(AbstractFormField):
    page = ParentalKey("ContactPage", on_delete=models.CASCADE, related_name="form_fields")

    panels = [
        FieldPanel("label", heading=_("Question"), help_text=_("Visitors read it above the field.")),
        FieldPanel("help_text", heading=_("Hint"), help_text=_("Visitors read it below the question.")),
        FieldPanel("required", help_text=_("Without an answer, the message cannot be sent.")),
        # Wagtail's script shows those of the following fields that suit the field type.
        FieldPanel(
            "field_type",
            heading=_("Type of answer"),
            help_text=_("How visitors answer: by writing one or more lines, or by choosing."),
            classname="formbuilder-type",
        ),
        FieldPanel(
            "choices",
            help_text=_("What visitors can choose from, one per line."),
            classname="formbuilder-choices",
        ),
        FieldPanel(
            "default_value",
            heading=_("Default answer"),
            help_text=_("What the field contains before a visitor writes. Usually empty."),
            classname="formbuilder-default",
        ),
    ]


class ContactMessageQuerySet(models.QuerySet):
    def overdue(self):
        """Messages whose promised time of storage is over."""
        pages = ContactPage.objects.values_list("pk", "keep_days")
        tomorrow = today() + timedelta(days=1)
        return self.filter(
            any_of(
                models.Q(page_id=pk, submit_time__lt=tomorrow - timedelta(days=days)) for pk, days in pages
            )
        )

    def readable_by(self, user):
        """Messages that the user may read, newest first, with the relations needed to show them."""
        return (
            self.filter(page__in=get_forms_for_user(user))
            .select_related("page__contactpage")
            .prefetch_related("page__contactpage__form_fields", "notes")
            .order_by("-submit_time", "-pk")
        )

    def is_full(self):
        """Return whether no more messages are stored until some are deleted."""
        return self.count() >= settings.MOST_MESSAGES

    @transaction.atomic
    def receive(self, page, answers):
        """Store what a visitor wrote, sealed if the inbox has a key. Raises SealingError if that fails."""
        message = self.model(page=page, form_data=answers)
        if key := InboxKey.objects.current():
            message.seal(key)
        message.save()

    def seal_plain(self, key):
        """Seal the messages and notes that were written before the inbox had a key."""
        plain = self.filter(key=None).select_related("page__contactpage")
        notes = MessageNote.objects.filter(key=None)
        for each in [*plain.prefetch_related("page__contactpage__form_fields"), *notes]:
            each.seal(key)
            each.save()


def today():
    """Return midnight of today. A message keeps its day, but not its time."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class ContactMessage(AbstractFormSubmission):
    """A message to us with its day, but without time, IP address or browser."""

    class State(models.TextChoices):
        UNREAD = "unread", _("Unread")
        READ = "read", _("Read")
        ANSWERED = "answered", _("Answered")

    submit_time = models.DateTimeField(_("day"), default=today, editable=False)
    announced = models.BooleanField(_("announced by mail"), default=False, editable=False, db_index=True)
    state = models.CharField(
        _("state"), max_length=8, choices=State, default=State.UNREAD, editable=False, db_index=True
    )

    # The answers as an age file, if the inbox had a key. Then `form_data` is empty.
    sealed = models.TextField(default="", db_default="", editable=False)
    key = models.ForeignKey(
        InboxKey, null=True, editable=False, on_delete=models.PROTECT, related_name="messages"
    )

    objects = models.Manager.from_queryset(ContactMessageQuerySet)()

    # Otherwise, editors who may not read messages would see them in the list of the page's uses.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")

    def __str__(self):
        # It appears in logs and lists, so it must not quote the message.
        return gettext("Message of %(day)s") % {"day": date_format(self.day)}

    @property
    def day(self):
        return timezone.localdate(self.submit_time)

    @property
    def deletion_day(self):
        """The first day on which the message is overdue."""
        return self.day + timedelta(days=self.page.contactpage.keep_days)

    @property
    def answers(self):
        """Pairs of a question and an answer. Questions that the page no longer asks come last."""
        labels = {field.clean_name: field.label for field in self.page.contactpage.form_fields.all()}
        labels[MessageForm.ABOUT] = gettext("About the page")
        written = self.form_data if isinstance(self.form_data, dict) else {"": self.form_data}
        names = [name for name in labels if name in written]
        names += [name for name in written if name not in labels]
        return [(clean_text(labels.get(name, name)), as_text(written[name])) for name in names]

    @property
    def beginning(self):
        text = next((text for _question, text in self.answers if text.strip()), "")
        return Truncator(" ".join(text.split())).chars(90)

    def seal(self, key):
        """Replace the answers by a file that only the private key opens."""
        self.sealed, self.key, self.form_data = seal(self.answers, key.public), key, {}


class MessageNote(models.Model):
    """A note about a message, for those who may read it. With a key, the browser has sealed its text."""

    message = models.ForeignKey(ContactMessage, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"))
    key = models.ForeignKey(InboxKey, null=True, blank=True, on_delete=models.PROTECT, related_name="notes")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["pk"]
        verbose_name = _("note")
        verbose_name_plural = _("notes")

    def __str__(self):
        return gettext("Note on: %(message)s") % {"message": self.message}

    def seal(self, key):
        self.text, self.key = seal(self.text, key.public), key


def as_text(answer):
    """Return an answer as text: checked choices separated by commas, a single checkbox as yes or no."""
    if isinstance(answer, list):
        return clean_text(", ".join(map(str, answer)))
    if isinstance(answer, bool):
        return gettext("Yes") if answer else gettext("No")
    return "" if answer is None else clean_text(str(answer))


class ContactPageForm(BasePageForm, WagtailAdminFormPageForm):
    """The editor's form of a page that has a form for visitors."""


class ContactPage(FormMixin, BodyPage):
    """A page with a form for messages, and a page with thanks."""

    policy = "contact"
    schema_type = "ContactPage"
    parent_page_types = ["home.HomePage"]
    shared_fields = (*BodyPage.shared_fields, "keep_days")
    subpage_types = []
    base_form_class = ContactPageForm
    form_builder = MessageFormBuilder
    not_claims = ("form_fields", "to_address")
    internal_fields = ("to_address",)

    readers = models.CharField(
        _("who reads the messages"),
        max_length=255,
        help_text=_("Shown above the form: The two editors of the site, and nobody else."),
    )
    keep_days = models.PositiveSmallIntegerField(
        _("days until deletion"),
        default=90,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text=_("Each message is deleted this many days after it arrived. Shown above the form."),
    )
    to_address = models.CharField(
        _("notify by mail"),
        max_length=255,
        blank=True,
        validators=[validate_to_address],
        help_text=_(
            "Addresses, separated by commas, that are notified of new messages. The mail doesn't quote them."
        ),
    )
    thanks = models.TextField(_("thanks"), max_length=500, help_text=_("Shown when a message has been sent."))

    content_panels = [
        BodyPage.title_panel,
        FieldPanel("summary"),
        FieldPanel("body", heading=_("Above the form"), help_text=_("What not to write, and safer ways.")),
        RowsPanel(
            "form_fields",
            heading=_("Questions"),
            label=_("question"),
            min_num=1,
            help_text=_("What visitors fill in, in this order."),
        ),
        FieldPanel("thanks"),
        MultiFieldPanel(
            [FieldPanel("readers"), FieldPanel("keep_days"), FieldPanel("to_address")],
            heading=_("Who reads it, and how long it is kept"),
        ),
    ]

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    def get_submission_class(self):
        return ContactMessage

    def process_form_submission(self, form):
        return ContactMessage.objects.receive(self, form.cleaned_data)

    def notify(self, subject, words):
        """Queue a mail about the inbox to those who are notified of new messages."""
        if self.to_address:
            where = settings.BASE_URL + reverse("inbox")
            body = words % {"site": settings.WAGTAIL_SITE_NAME, "where": where}
            to = [address.strip() for address in self.to_address.split(",")]
            EmailMessage(subject, body, to=to).send()

    def serve(self, *args, **kwargs):
        # FormMixin would answer every route with the form.
        return RoutablePageMixin.serve(self, *args, **kwargs)

    @path("")
    def form_route(self, request):
        return self.render_form(request, self.get_form(page=self))

    @path("about/<int:number>/")
    def about_route(self, request, number):
        """Show the form for a message about a page. If there is no such page, the form names none."""
        return self.render_form(request, self.get_form(page=self, initial={MessageForm.ABOUT: number}))

    @path("thanks/", name="thanks")
    def thanks_route(self, request):
        return self.render(request, template=self.landing_page_template)

    def render_form(self, request, form, status=200):
        more = {"form": form, "is_full": ContactMessage.objects.is_full()}
        response = self.render(request, context_overrides=more)
        response.status_code, response.policy = status, self.policy
        return response

    def serve_preview(self, request, mode_name):
        # RoutablePageMixin ignores preview modes.
        return self.thanks_route(request) if mode_name == "landing" else self.form_route(request)
