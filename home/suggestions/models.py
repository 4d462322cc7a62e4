"""Changes of published pages that are suggested by people who may not make them."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from home.querysets import BasePageQuerySet


class SuggestionQuerySet(models.QuerySet):
    def of_pages_of(self, user):
        """Suggestions that were sent, for pages that the user may change."""
        pages = BasePageQuerySet(Page).editable_by(user)
        return self.filter(page__in=pages.values("pk")).exclude(state=Suggestion.State.DRAFT)

    def visible_to(self, user):
        """The user's own suggestions, and those that the user may decide on."""
        return self.filter(user=user) | self.of_pages_of(user)

    def open(self):
        return self.filter(state=Suggestion.State.OPEN)

    def draft_of(self, user, page):
        """Return what the user has typed into the form for a page, but not sent yet; or None."""
        return self.filter(user=user, page=page, state=Suggestion.State.DRAFT).first()


class Suggestion(models.Model):
    """
    A change of a published page, which waits for somebody who may change the page.

    It keeps the content that its author saw and what she made of it, like revisions do, so that her changes
    can be told from others that are made in the meantime.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Not sent yet")
        OPEN = "open", _("Waiting")
        TAKEN = "taken", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    base = models.JSONField(encoder=DjangoJSONEncoder)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    reason = models.TextField(_("reason"), max_length=1000)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, db_index=True)
    # The names of the fields that were taken.
    taken = models.JSONField(default=list)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    # Whether its author has seen the answer.
    is_seen = models.BooleanField(default=False)

    objects = SuggestionQuerySet.as_manager()

    # A page is not in use because somebody would like to change it.
    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("suggested change")
        verbose_name_plural = _("suggested changes")

    def __str__(self):
        return gettext("Suggested change of “%(title)s”") % {"title": self.page.title}

    @property
    def is_open(self):
        return self.state == self.State.OPEN

    def decide(self, state, user, **fields):
        """End the wait. Return False if somebody else just has."""
        fields |= {"state": state, "decided_by": user, "decided_at": timezone.now()}
        return bool(Suggestion.objects.open().filter(pk=self.pk).update(**fields))
