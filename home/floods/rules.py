"""
Protection of the contact form from floods, without addresses and cookies.

Nobody is refused for good: a message may have to wait half a minute, and then comes through.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from home.forms.stamps import LIFETIME, age_of, is_second
from home.models import ContactMessage, ContactPage, Trace
from home.models.contact import today

# More different messages than this within this time are a flood. The mail and the notice name them.
MOST, WINDOW = 10, timedelta(minutes=10)
# During a flood, the minimum seconds from loading the form to sending it. The words below name them.
PAUSE = 30
# Moderators are warned when the inbox is this full, and no more often than this.
NEARLY_FULL, SILENCE = 0.8, timedelta(hours=12)


@transaction.atomic
def receive(page, form):
    """Store the message of a valid form. Returns whether it is stored; if not, the form says what to do."""
    # Take messages one by one, so that a double click stores one.
    ContactPage.objects.select_for_update().get(pk=page.pk)
    Trace.objects.expired().delete()
    sent = "sent", form.stamp, form.cleaned_data
    if Trace.objects.has(*sent):
        return True
    words = problem_of(form)
    if words:
        form.add_error(None, words)
    else:
        page.process_form_submission(form)
        # For longer than the stamp is valid, but without telling more than the day.
        until = today() + timedelta(days=1, seconds=LIFETIME)
        Trace.objects.leave("stamp", form.stamp, until=until)
        Trace.objects.leave(*sent, until=until)
        Trace.objects.leave("stored", essence_of(form), until=timezone.now() + WINDOW)
    warn(page)
    return not words


def problem_of(form):
    """Return what the sender of a message must do before it can be stored, or None."""
    if Trace.objects.has("stamp", form.stamp):
        form.renew_stamp()
        return _("A message was already sent from this page. If this is another one, please send it again.")
    Trace.objects.leave("tried", essence_of(form), until=timezone.now() + WINDOW)
    if ContactMessage.objects.is_full():
        return _(
            "Our inbox is full, so your message cannot be stored. Please copy what you wrote and use another "
            "way that this page names, or send it in a few days."
        )
    if is_second(form.stamp):
        if age_of(form.stamp) < PAUSE:
            return _("That was too early. Please wait half a minute, then send it again.")
        return None
    if Trace.objects.has("stored", essence_of(form)):
        form.renew_stamp(is_second=True)
        return _(
            "The same message came a moment ago. If it was yours, it has arrived, and you are done. If not, "
            "please wait half a minute, then send it again."
        )
    if is_flood() and age_of(form.stamp) < PAUSE:
        form.renew_stamp(is_second=True)
        return _("Many messages are coming in. Please wait half a minute, then send yours again.")
    return None


def essence_of(form):
    """Return the letters and digits of the longest answer. The name of a page is none."""
    answers = (str(answer) for name, answer in form.cleaned_data.items() if name != form.ABOUT)
    longest = max(answers, key=len, default="")
    return "".join(filter(str.isalnum, longest.casefold()))


def arrivals():
    """Return the number of different messages within the window, whether stored or not."""
    return Trace.objects.current("tried").count()


def is_flood():
    return arrivals() > MOST


def warn(page):
    """Queue a mail about a flood, and one about an inbox that is nearly full."""
    with override(settings.LANGUAGE_CODE):
        if is_flood():
            warn_once(
                page,
                _("Many messages are coming in"),
                _(
                    "More than 10 different messages were sent to %(site)s within 10 minutes. For now, those "
                    "who write quickly have to wait half a minute. Sign in to read them: %(where)s"
                ),
            )
        if ContactMessage.objects.count() >= NEARLY_FULL * settings.MOST_MESSAGES:
            warn_once(
                page,
                _("The inbox is nearly full"),
                _(
                    "When it is full, %(site)s accepts no more messages. Sign in to delete those that are "
                    "answered: %(where)s"
                ),
            )


def warn_once(page, subject, words):
    if Trace.objects.leave("warning", page.pk, subject, until=timezone.now() + SILENCE):
        page.notify(subject, words)
