"""Mails to people about their own accounts, and to administrators about the whole site."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.admin.utils import get_user_display_name


def send(person, subject, *paragraphs, to=None):
    """Mail paragraphs to a person, or to another address."""
    if address := to or person.email:
        greeting = _("Hello %(name)s,") % {"name": get_user_display_name(person)}
        send_mail(subject, "\n\n".join([greeting, *paragraphs]) + "\n", None, [address])


def tell(person, sentences, by, to=()):
    """
    Tell a person what was changed about their account, and what to do if it is unexpected.

    :param sentences: lazy ones, or a generator, so that they are in the person's language.
    :param by: the user who changed it; None if it was somebody at the server, or with a link.
    :param to: other addresses that get the mail, too.
    """
    with override(person.language):
        subject = _("Your account at %(site)s was changed") % {"site": settings.WAGTAIL_SITE_NAME}
        paragraphs = [str(sentence) for sentence in sentences]
        if by:
            paragraphs.append(who_did_this(person, by))
        address = f"{settings.WAGTAILADMIN_BASE_URL}{reverse('wagtailadmin_account')}"
        paragraphs.append(
            _(
                "If you did not expect this, tell an administrator of the site at once, in person or by "
                "phone. If you can still sign in, change your password, too: %(address)s"
            )
            % {"address": address}
        )
        for recipient in dict.fromkeys([person.email, *to]):
            send(person, subject, *paragraphs, to=recipient)


def tell_administrators(subject, *sentences, by):
    """Tell all administrators what was changed. The texts are lazy, since each may have another language."""
    for person in get_user_model().objects.filter(is_superuser=True, is_active=True):
        with override(person.language):
            send(person, str(subject), *map(str, sentences), who_did_this(person, by))


def who_did_this(person, by):
    if by == person:
        return _("It was done while signed in to your account.")
    return _("%(name)s did this.") % {"name": get_user_display_name(by)}
