"""DeepL's service on this machine: it translates words into capital letters, and leaves markup alone."""

import json
import re

import pytest

from home.translating import deepl

KEY = "12345678-abcd:fx"


class Service:
    """
    The service. `questions` are what it was asked; `status` is that of its answers.

    `answers` are what it says instead of capital letters, by the text.
    """

    def __init__(self):
        self.questions, self.answers, self.status = [], {}, 200

    def __call__(self, content):
        self.questions.append(question := json.loads(content))
        found = [{"text": self.answers.get(text) or capitals(text)} for text in question["text"]]
        return self.status, json.dumps({"translations": found}).encode()

    @property
    def texts(self):
        return [text for question in self.questions for text in question["text"]]


def capitals(text):
    return re.sub(r"[^<>]+(?![^<]*>)", lambda found: found[0].upper(), text)


@pytest.fixture
def service(other_site, settings, monkeypatch):
    settings.DEEPL_API_KEY = KEY
    monkeypatch.setattr(deepl, "address", lambda: f"{other_site.url}/v2/translate")
    other_site.pages["POST /v2/translate"] = found = Service()
    found.site = other_site
    return found
