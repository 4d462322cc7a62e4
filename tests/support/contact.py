"""Senders of the contact form, without cookies or JavaScript, and a clock."""

import re
from datetime import timedelta
from html import unescape

from django.test import Client
from django.utils import timezone

from home.forms.contact import MessageForm
from home.forms.stamps import new_stamp


class Clock:
    """Stands in for the module `time`, and moves only when told."""

    def __init__(self, monkeypatch):
        self.now = timezone.now()
        monkeypatch.setattr("home.forms.stamps.time", self)
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)

    def time(self):
        return self.now.timestamp()

    def forward(self, **duration):
        self.now += timedelta(**duration)


class Sender:
    """Somebody who opens the contact page, and sends what is typed with the stamp of the form shown last."""

    def __init__(self, page, text="", **fields):
        self.client, self.page = Client(), page
        self.fields = {"your_message": text} | fields
        self.stamp = ""

    def open(self):
        self.read(self.client.get(self.page.url))
        return self

    def take_stamp(self):
        """Get the stamp of a form without rendering its page, which takes longer."""
        self.stamp = new_stamp()
        return self

    def read(self, response):
        self.html = response.content.decode()
        if found := re.search(f'name="{MessageForm.MADE}" value="([^"]*)"', self.html):
            self.stamp = unescape(found[1])

    def send(self, **fields):
        """Send the form, and return whether the sender is thanked. Otherwise the form has come back."""
        data = self.fields | {MessageForm.MADE: self.stamp} | fields
        response = self.client.post(f"/contact-message/{self.page.pk}/", data)
        assert response.status_code in (303, 422), response.status_code
        assert not response.cookies
        if response.status_code == 422:
            self.read(response)
        return response.status_code == 303
