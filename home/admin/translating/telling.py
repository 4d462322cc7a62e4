"""Tell whoever translated something that its original says something else now."""

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.dispatch import receiver
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail import hooks
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.utils import get_latest_str
from wagtail.models import Page

from home.accounts.mails import send
from home.admin.front.panel import Notice
from home.admin.translating.beginning import snippet_models
from home.models import Translation
from home.translating.following import fell_behind

# The number of translations of each kind on the first screen, those that have waited longest first.
MOST = 20


@receiver(fell_behind)
def tell_translator(original, translation, **kwargs):
    """Mail whoever last edited a translation, without saying which, unless she changed the original."""
    # A fault here must not break the transaction of the publication. Mails are sent later, by the worker.
    with transaction.atomic():
        person = translator_of(translation)
        if person is None or person == getattr(original.live_revision, "user", None):
            return
        if person.is_active and (address := AdminURLFinder(person).get_edit_url(translation)):
            with override(person.language):
                subject = _("The original of your translation was changed")
                where = _("You find it here:") + f" {settings.WAGTAILADMIN_BASE_URL}{address}"
                send(person, subject, subject + ".", where)


def translator_of(translation):
    return translation.latest_revision and translation.latest_revision.user


@hooks.register("register_notice")
def changed_originals(request):
    """List the user's translations that are behind."""
    address_of = AdminURLFinder(request.user).get_edit_url
    rows = Translation.objects.exclude(behind_since=None)
    rows = rows.filter(translation_key=OuterRef("translation_key"), locale=OuterRef("locale"))
    for model in (Page, *snippet_models()):
        found = model.objects.annotate(behind_since=Subquery(rows.values("behind_since")[:1]))
        found = found.filter(latest_revision__user=request.user).exclude(behind_since=None)
        for translation in found.order_by("behind_since")[:MOST]:
            if address := address_of(translation):
                day = date_format(localtime(translation.behind_since))
                words = _("“%(title)s”: the original was changed on %(day)s.")
                words %= {"title": get_latest_str(translation), "day": day}
                yield Notice(1, words, address, "globe", is_wrong=False, order=10)
