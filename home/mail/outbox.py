"""
Mails are stored in the database, in the transaction of their cause, and sent by `manage.py send_mail`.

So no request waits for a mail server, a rollback sends nothing, and a mail that fails is tried again.
"""

import logging
import signal
import smtplib
import threading
import time
from base64 import b64decode, b64encode
from contextlib import contextmanager
from email.mime.base import MIMEBase
from email.utils import formatdate, make_msgid

from django.conf import settings
from django.core.mail import DNS_NAME, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from home.mail.models import FIRST_PAUSE, OutgoingMail
from home.text import clean_instance

logger = logging.getLogger(__name__)

# The recipient of mails that are never sent. No mail can reach this address (RFC 2606).
NOBODY = "nobody@nowhere.invalid"
# Seconds that sending one mail may take in all, and after which a run starts no other mail.
LONGEST, ENOUGH = 30, 20
# Errors about one mail only; others are about the server.
REFUSALS = (
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
)
FIELDS = ("subject", "body", "from_email", "to", "cc", "reply_to")


class OutboxBackend(BaseEmailBackend):
    """Store each mail in the database instead of sending it."""

    def send_messages(self, email_messages):
        return queue(email_messages)


def queue(messages):
    """Queue mails, one for each recipient, so that a wrong address does not stop the others."""
    mails = []
    for message in messages:
        fields = {"subject": str(message.subject), "content": content_of(message)}
        mails += [OutgoingMail(recipient=str(recipient), **fields) for recipient in message.recipients()]
    for mail in mails:
        # bulk_create sends no signals.
        clean_instance(mail)
    OutgoingMail.objects.bulk_create(mails)
    return len(messages)


def content_of(message):
    content = {name: as_text(getattr(message, name)) for name in FIELDS}
    content["content_subtype"] = message.content_subtype
    # Set these now, so that a mail that is sent twice after a crash has the same date and ID both times.
    stamp = {
        "Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
        "Message-ID": make_msgid(domain=DNS_NAME),
    }
    content["headers"] = stamp | {name: str(value) for name, value in message.extra_headers.items()}
    alternatives = getattr(message, "alternatives", None) or []
    content["alternatives"] = [[as_text(text), kind] for text, kind in alternatives]
    content["attachments"] = [attached(attachment) for attachment in message.attachments]
    return content


def as_text(value):
    return [str(part) for part in value] if isinstance(value, list | tuple) else str(value)


def attached(attachment):
    """Return the name, the bytes and the type of an attachment as JSON."""
    if isinstance(attachment, MIMEBase):
        name, kind = attachment.get_filename(), attachment.get_content_type()
        content = attachment.get_payload(decode=True) or b""
    else:
        name, content, kind = attachment
    return [name, b64encode(content.encode() if isinstance(content, str) else content).decode(), kind]


class Letter(EmailMultiAlternatives):
    """A mail from the outbox, with its original headers and one recipient."""

    def __init__(self, mail):
        content = dict(mail.content)
        subtype = content.pop("content_subtype")
        content["attachments"] = [
            (name, b64decode(encoded), kind) for name, encoded, kind in content["attachments"]
        ]
        super().__init__(**content)
        self.content_subtype = subtype
        self.recipient = mail.recipient

    def recipients(self):
        return [self.recipient]


def send_due():
    """Send what is due. Returns how many mails were sent, and how many were put off or given up."""
    begun, sent, failed = time.monotonic(), 0, 0
    mails = OutgoingMail.objects
    mails.filter(recipient=NOBODY).delete()
    mails.delete_old()
    for pk in list(mails.due().values_list("pk", flat=True)):
        if time.monotonic() - begun > ENOUGH:
            break
        if not (mail := mails.take(pk)):
            continue
        error = deliver(mail)
        if error is None:
            forget(mail)
            sent += 1
            continue
        failed += 1
        is_given_up = mail.retry_or_give_up()
        if is_given_up:
            logger.error("A mail could not be sent in time and is given up: %s", type(error).__name__)
        else:
            logger.warning("A mail could not be sent and is tried again: %s", type(error).__name__)
        if isinstance(error, OSError) and not isinstance(error, REFUSALS):
            # The server doesn't answer, so don't let each mail wait for it in turn.
            mails.due().order_by().update(due_at=timezone.now() + FIRST_PAUSE)
            break
    return sent, failed


def deliver(mail):
    """Hand a mail to the server. Returns what went wrong, if anything."""
    try:
        with time_limit(LONGEST):
            get_connection(settings.MAIL_TRANSPORT).send_messages([Letter(mail)])
    except Exception as error:  # A mail that cannot even be built must not stop the others.
        return error


def forget(mail):
    """Delete a mail that was sent. Retry while the database is busy, so that it is not sent again."""
    for seconds in (1, 5, 15, 30, 0):
        try:
            mail.delete()
            return
        except OperationalError:
            if not seconds:
                raise
            close_old_connections()
            time.sleep(seconds)


@contextmanager
def time_limit(seconds):
    """
    Raise TimeoutError if the block takes longer, in the main thread only. EMAIL_TIMEOUT starts over with each
    byte from the server.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
