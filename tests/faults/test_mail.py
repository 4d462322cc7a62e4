"""Nobody waits for a mail server that refuses connections or hangs, and the mail is sent later."""

import shutil
import sys

import pytest

from tests.support.breakable import IS_LONG, SOON, within
from tests.support.mail import MailServer
from tests.support.postgres import free_port

# The server's database starts as a copy of the test database.
pytestmark = pytest.mark.django_db

# Seconds in which the scheduler does its round. A server that hangs is given up after 10.
ROUND = 60
RECIPIENT = "from home.models import ContactPage; ContactPage.objects.update(to_address='editor@example.org')"


@pytest.mark.parametrize("behavior", ["refusing", *(["hanging"] if IS_LONG else [])])
def test_a_message_is_stored_at_once_and_its_mail_is_sent_later(site, behavior):
    if not shutil.which("faketime"):
        pytest.skip("faketime is not installed.")
    port = free_port()
    server = MailServer("hanging", port) if behavior == "hanging" else None
    site.restart(EMAIL_URL=f"smtp://127.0.0.1:{port}")
    try:
        site.run(RECIPIENT)
        with within(SOON):
            assert site.ask(*site.message()).status == 303
        with within(ROUND):
            assert site.manage("scheduler", "--once").returncode == 0
        assert site.statuses() == {200}
        if server:
            server.behavior = "kind"
        else:
            server = MailServer(port=port)
        later = ["faketime", "-f", "+2m", sys.executable, "manage.py", "scheduler", "--once"]
        assert site.call(later).returncode == 0
        ((recipients, _text),) = server.letters
        assert recipients == ("editor@example.org",)
    finally:
        if server:
            server.close()
        site.restart()
