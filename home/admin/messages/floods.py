"""Warnings on the first screen: many messages at once, and an inbox that is nearly full."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.contrib.forms.utils import get_forms_for_user

from home.admin.front.panel import Notice
from home.floods.rules import NEARLY_FULL, arrivals, is_flood
from home.models import ContactMessage


@hooks.register("register_notice")
def many_messages(request):
    if get_forms_for_user(request.user).exists():
        if is_flood():
            words = _("%(count)s different messages were sent within 10 minutes. Quick writers have to wait.")
            yield Notice(arrivals(), words % {"count": arrivals()}, reverse("inbox"), "warning", order=3)
        count, most = ContactMessage.objects.count(), settings.MOST_MESSAGES
        if count >= NEARLY_FULL * most:
            words = _("The inbox holds %(count)s of at most %(most)s messages. Please delete some.")
            yield Notice(count, words % {"count": count, "most": most}, reverse("inbox"), "warning", order=4)
