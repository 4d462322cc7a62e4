from functools import reduce
from operator import or_

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.utils import get_user_display_name
from wagtail.contrib.forms.utils import get_forms_for_user
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from home.models.contact import ContactMessage
from home.models.figure import Figure
from home.models.glossary import GlossaryTerm
from home.querysets import BasePageQuerySet
from home.wagtail_internals import permission_policy

# The fields of an assignment, one of which is what it is about. Those of snippets come last.
THINGS = ("page", "message", "figure", "term")
SNIPPETS = THINGS[2:]


def exactly_one(*fields):
    """Return the condition that one of the fields is filled in, and the others are empty."""
    return reduce(or_, (Q(**{f"{name}__isnull": name != chosen for name in fields}) for chosen in fields))


class AssignmentQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at=None)

    def seen_by(self, user):
        """Assignments about what the user may change, and about messages that the user may read."""
        pages = BasePageQuerySet(Page).editable_by(user)
        inboxes = get_forms_for_user(user)
        seen = Q(page__in=pages.values("pk")) | Q(message__page__in=inboxes.values("pk"))
        for name in SNIPPETS:
            policy = permission_policy(self.model._meta.get_field(name).related_model)
            hers = policy.instances_user_has_permission_for(user, "change")
            seen |= Q(**{f"{name}__in": hers.values("pk")})
        return self.filter(seen)

    def finish(self):
        return self.open().update(done_at=timezone.now())


class Assignment(models.Model):
    """A page, message, figure or term that somebody was asked to look after, perhaps until a day."""

    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="assignments")
    message = models.ForeignKey(
        ContactMessage, null=True, on_delete=models.CASCADE, related_name="assignments"
    )
    figure = models.ForeignKey(Figure, null=True, on_delete=models.CASCADE, related_name="assignments")
    term = models.ForeignKey(GlossaryTerm, null=True, on_delete=models.CASCADE, related_name="assignments")
    # Nobody yet: whoever may do it can take it.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who"),
    )
    due = models.DateField(_("by when"), null=True, blank=True, help_text=_("The last day, if it matters."))
    # Messages may be sealed, so what is to be done with them is said in their notes.
    words = models.CharField(
        _("what to do"), max_length=255, blank=True, help_text=_("A sentence, if it is not obvious.")
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, db_index=True)

    objects = AssignmentQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        default_permissions = ()
        ordering = [models.F("due").asc(nulls_last=True), "pk"]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [models.CheckConstraint(condition=exactly_one(*THINGS), name="assignment_of_one_thing")]

    def __str__(self):
        return self.page.get_admin_display_title() if self.page else str(self.thing)

    @property
    def thing(self):
        return next(filter(None, (getattr(self, name) for name in THINGS)))

    @property
    def url(self):
        if self.page_id:
            return reverse("wagtailadmin_pages:edit", args=[self.page_id])
        if self.message_id:
            return reverse("message", args=[self.message_id])
        return reverse(self.thing.snippet_viewset.get_url_name("edit"), args=[self.thing.pk])

    @property
    def is_late(self):
        return self.due is not None and self.due < timezone.localdate()

    def in_words_for(self, user):
        """Return a sentence that says to a user who asks whom for what, and by when."""
        name = get_user_display_name(self.made_by) if self.made_by else gettext("Somebody")
        if self.person == user:
            words = gettext("%(name)s asks you.") % {"name": name}
        elif self.person:
            words = gettext("%(name)s asks %(person)s.") % {
                "name": name,
                "person": get_user_display_name(self.person),
            }
        else:
            words = gettext("%(name)s asks anybody.") % {"name": name}
        if self.words:
            words += f" “{self.words}”"
        if self.due:
            when = gettext("It was due on %(day)s.") if self.is_late else gettext("Due on %(day)s.")
            words += " " + when % {"day": date_format(self.due)}
        return words

    def people(self):
        """Return the people who can be asked: those who may change it, or read the message."""
        if not (self.page or self.message):
            # Contributors change what they are drafting.
            snippet, people = self.thing, get_user_model().objects.filter(is_active=True)
            policy = permission_policy(type(snippet))
            may_change = policy.user_has_permission_for_instance
            return people.filter(pk__in=[each.pk for each in people if may_change(each, "change", snippet)])
        page, may = self.page or self.message.page, page_permission_policy.users_with_permission_for_instance
        return may("change", page) if self.page else may("change", page) & may("publish", page)
