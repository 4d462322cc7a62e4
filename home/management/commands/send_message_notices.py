from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.translation import gettext as _

from home.models import ContactMessage, ContactPage


class Command(BaseCommand):
    help = "Announces new messages by mail, without quoting them."

    def handle(self, **options):
        for page in ContactPage.objects.exclude(to_address=""):
            messages = ContactMessage.objects.filter(announced=False, page=page)
            if messages.exists():
                announce(page, messages)


@transaction.atomic
def announce(page, messages):
    """Queue one mail for all new messages, even if two schedulers run."""
    if waiting := list(messages.select_for_update().values_list("pk", flat=True)):
        page.notify(_("New message"), _("Somebody wrote to %(site)s. Sign in to read it: %(where)s"))
        ContactMessage.objects.filter(pk__in=waiting).update(announced=True)
