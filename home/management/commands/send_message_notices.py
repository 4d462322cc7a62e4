import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils.translation import gettext as _

from home.models import ContactMessage, ContactPage

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Tells by mail that messages have come, without what they say; what fails is tried again next time."
    )

    def handle(self, **options):
        for page in ContactPage.objects.exclude(to_address=""):
            waiting = list(
                ContactMessage.objects.unannounced().filter(page=page).values_list("pk", flat=True)
            )
            if not waiting:
                continue
            try:
                notice(page).send()
            except OSError as error:  # A mail server's refusal and its absence are both OSErrors.
                logger.warning("The notice of new messages could not be sent: %s", type(error).__name__)
            else:
                ContactMessage.objects.filter(pk__in=waiting).update(announced=True)


def notice(page):
    """The mail that a message has come: where to read it, and nothing of what it says."""
    where = settings.BASE_URL + reverse("inbox")
    return EmailMessage(
        subject=_("A message has come"),
        body=_("Somebody wrote to %(site)s. Sign in to read it: %(where)s")
        % {"site": settings.WAGTAIL_SITE_NAME, "where": where},
        to=[address.strip() for address in page.to_address.split(",")],
    )
