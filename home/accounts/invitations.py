"""Links with which people choose their own password, so that nobody makes up a password for somebody else."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.formats import date_format
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.admin.utils import get_user_display_name

from home.accounts.log import LINK_SENT, log
from home.accounts.mails import send
from home.accounts.roles import ROLES, role_of


class InvitationTokens(PasswordResetTokenGenerator):
    """Tokens that expire after PASSWORD_RESET_TIMEOUT, and once the person chooses a password or signs in."""

    key_salt = "home.accounts.invitations"


tokens = InvitationTokens()


def is_invited(person):
    """Return whether a person was invited and has not chosen a password yet."""
    return person.is_active and person.last_login is None and not person.has_usable_password()


def send_link(person, sender):
    """Mail a person a link to choose a password, and return it. Earlier invitations stop working."""
    if not person.has_usable_password():
        person.set_unusable_password()
        person.save(update_fields=["password"])
    number = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("invitation", args=[number, tokens.make_token(person)])
    link = f"{settings.WAGTAILADMIN_BASE_URL}{path}"
    with override(person.language):
        send(person, *words_for(person, get_user_display_name(sender), link))
    log(person, LINK_SENT, user=sender)
    return link


def last_moment():
    """Return when a link that is made now stops working."""
    return timezone.localtime() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


def words_for(person, sender, link):
    """Yield the subject and the paragraphs of the mail, in the active language."""
    names = {"site": settings.WAGTAIL_SITE_NAME, "sender": sender}
    if is_invited(person):
        yield _("Your invitation to %(site)s") % names
        yield _("%(sender)s invites you to work on %(site)s.") % names
        if role := role_of(person):
            label, explanation = ROLES[role]
            yield _("Your role: %(role)s. %(explanation)s") % {"role": label, "explanation": explanation}
    else:
        yield _("Choose a new password for %(site)s") % names
        yield _("%(sender)s has sent you a link to choose a new password.") % names
    yield _("Open this link and choose your password:") + f"\n{link}"
    until = date_format(last_moment(), "DATETIME_FORMAT")
    yield _(
        "Until %(until)s, the link works once. If it has stopped working, ask %(sender)s for another one."
    ) % {"until": until, "sender": sender}
    yield _("Your username is %(name)s.") % {"name": person.get_username()}
    yield _("If you did not expect this email, you can ignore it. Do not pass the link on.")
