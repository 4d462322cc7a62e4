"""When a person leaves: somebody else takes over what is theirs, and the account is closed."""

from django.apps import apps
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy
from wagtail.admin.utils import get_user_display_name
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Comment, CommentReply, Page, WorkflowState

from home.accounts import second_factor
from home.accounts.log import LEFT, log
from home.models import Assignment, Snippet

# Each kind of thing in words. What a person did remains theirs: versions, reviews and comments.
KINDS = {
    "pages": ngettext_lazy("%(count)s page, with its drafts", "%(count)s pages, with their drafts", "count"),
    "locks": ngettext_lazy(
        "%(count)s locked page, figure, term or category",
        "%(count)s locked pages, figures, terms and categories",
        "count",
    ),
    "reviews": ngettext_lazy("%(count)s submission in review", "%(count)s submissions in review", "count"),
    "images": ngettext_lazy("%(count)s image", "%(count)s images", "count"),
    "files": ngettext_lazy("%(count)s file", "%(count)s files", "count"),
    "assignments": ngettext_lazy("%(count)s assignment", "%(count)s assignments", "count"),
}


def held_by(person):
    """Return what a person holds: querysets, and their field for the person, by kind."""
    lockable = [Page, *(model for model in apps.get_models() if issubclass(model, Snippet))]
    return {
        "pages": ([Page.objects.filter(owner=person)], "owner"),
        "locks": ([model.objects.filter(locked_by=person) for model in lockable], "locked_by"),
        "reviews": ([WorkflowState.objects.active().filter(requested_by=person)], "requested_by"),
        "images": ([get_image_model().objects.filter(uploaded_by_user=person)], "uploaded_by_user"),
        "files": ([get_document_model().objects.filter(uploaded_by_user=person)], "uploaded_by_user"),
        "assignments": ([Assignment.objects.open().filter(person=person)], "person"),
    }


def counts_of(person):
    """Return how many things a person holds, by kind, without those of which there are none."""
    counts = {
        kind: sum(things.count() for things in parts) for kind, (parts, _field) in held_by(person).items()
    }
    return {kind: count for kind, count in counts.items() if count}


def in_words(counts):
    return [str(KINDS[kind] % {"count": count}) for kind, count in counts.items()]


@transaction.atomic
def leave(person, heir, user):
    """
    Close an account. It cannot be used any more, and its sessions end at the next request.

    :param heir: the person who takes over; None if there is nothing to take over.
    :param user: the administrator who does this.
    """
    counts = counts_of(person)
    for parts, field in held_by(person).values():
        for things in parts:
            things.update(**{field: heir})
    second_factor.forget(person)
    # Wagtail 8 has them.
    if hasattr(person, "api_tokens"):
        person.api_tokens.all().delete()
    person.is_active = False
    person.set_unusable_password()
    person.save()
    data = {"counts": counts, "heir": get_user_display_name(heir) if heir else ""}
    log(person, LEFT, user=user, data=data)


def reason_to_keep(person):
    """Return why an account cannot be deleted, or an empty string."""
    if counts_of(person):
        words = _("First choose who takes over what %(name)s has written or uploaded.")
    elif any(model.objects.filter(user=person).exists() for model in (Comment, CommentReply)):
        words = _("The comments of %(name)s on pages would be deleted, too. Close the account instead.")
    else:
        return ""
    return words % {"name": get_user_display_name(person)}


def protect(sender, instance, **kwargs):
    """Signal receiver: refuse to delete a person who still holds something."""
    if reason := reason_to_keep(instance):
        raise ProtectedError(reason, {instance})
