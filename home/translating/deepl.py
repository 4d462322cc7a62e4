"""DeepL's service, as its documentation of `/v2/translate` describes it."""

import json
import time

from django.conf import settings

from home.external_links.errors import FetchError
from home.external_links.fetching import post
from home.translating.models import Machine

# Seconds for all requests about one page, and the most characters of it.
LONGEST, MOST = 60, 100_000
# Of one request: the service takes 50 texts, and 128 KiB with what JSON adds.
TEXTS, CHARACTERS = 50, 20_000
LARGEST_ANSWER = 1_000_000
# Statuses that say that trying again does not help: the key is wrong, or the quota is used up.
REFUSED = {401, 403, 456}


class Failure(Exception):
    """Nothing was translated; `state` says whether the service is away or refused."""

    def __init__(self, state, reason):
        super().__init__(reason)
        self.state = state


def address():
    # Keys of free accounts end like this.
    host = "api-free.deepl.com" if settings.DEEPL_API_KEY.endswith(":fx") else "api.deepl.com"
    return f"https://{host}/v2/translate"


def translate(texts, language):
    """Return a dictionary of Texts in the first language of the site and their words in another. Or fail."""
    if sum(len(text.words) for text in texts) > MOST:
        raise Failure(Machine.REFUSED, "the page is too long")
    end = time.monotonic() + LONGEST
    found = {}
    for is_html in (False, True):
        for batch in batches([text for text in texts if text.is_html == is_html]):
            found |= zip(batch, ask([text.words for text in batch], language, is_html, end), strict=True)
    return found


def batches(texts):
    """Yield lists of Texts that one request takes."""
    batch, size = [], 0
    for text in texts:
        if batch and (len(batch) == TEXTS or size + len(text.words) > CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text.words)
    if batch:
        yield batch


def ask(words, language, is_html, end):
    """Request translations, each of which is a text of its own."""
    question = {
        "text": words,
        "source_lang": settings.LANGUAGE_CODE.upper(),
        "target_lang": language.upper(),
        # "Usted", where a language has such a word.
        "formality": "prefer_more",
    }
    if is_html:
        question["tag_handling"] = "html"
    headers = {
        "Authorization": f"DeepL-Auth-Key {settings.DEEPL_API_KEY}",
        "Content-Type": "application/json",
    }
    try:
        answer = post(
            address(), json.dumps(question).encode(), headers, end - time.monotonic(), LARGEST_ANSWER
        )
    except FetchError as error:
        raise Failure(Machine.AWAY, str(error)) from error
    if answer.status != 200:
        state = Machine.REFUSED if answer.status in REFUSED else Machine.AWAY
        raise Failure(state, f"status {answer.status}")
    return read(answer.content, len(words))


def read(content, count):
    try:
        found = [each["text"] for each in json.loads(content)["translations"]]
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(Machine.AWAY, "the answer cannot be read") from error
    if len(found) != count or not all(isinstance(words, str) for words in found):
        raise Failure(Machine.AWAY, "the answer is not complete")
    return found
