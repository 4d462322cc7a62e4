from django.core.management.base import BaseCommand

from home.models import Trace


class Command(BaseCommand):
    help = "Deletes the traces of the contact form that have expired, after 10 minutes to 36 hours."

    def handle(self, **options):
        Trace.objects.expired().delete()
