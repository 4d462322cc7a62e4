"""Mails about suggested changes. They say that there is something to read, but quote nothing."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.users.models import UserProfile

from home.accounts.mails import send


def tell_moderators(suggestion):
    """Tell those who may publish the page, unless they want no mail about reviews."""
    policy = PagePermissionPolicy()
    people = policy.users_with_permission_for_instance("publish", suggestion.page)
    for person in people.filter(is_active=True).exclude(pk=suggestion.user_id):
        if UserProfile.get_for_user(person).submitted_notifications:
            with override(person.language):
                subject = _("Somebody suggested a change of a page")
                words = _("You can compare it with the page, accept it or decline it here: %(address)s")
                send(person, subject, words % {"address": address(suggestion)})


def tell_author(suggestion):
    """Tell the author of a suggestion that it was answered."""
    person = suggestion.user
    if person and person.is_active:
        profile, is_taken = UserProfile.get_for_user(person), suggestion.state == suggestion.State.TAKEN
        if profile.approved_notifications if is_taken else profile.rejected_notifications:
            with override(person.language):
                subject = _("The change that you suggested was answered")
                words = _("You find the answer here: %(address)s")
                send(person, subject, words % {"address": address(suggestion)})


def address(suggestion):
    return settings.WAGTAILADMIN_BASE_URL + reverse("suggestion", args=[suggestion.pk])
