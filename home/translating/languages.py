"""Which language a title is in, so that a screen reader reads it with the right voice."""

import re
from functools import lru_cache

from django.conf import settings

# Words that are in most titles of a language, and letters that others lack.
_LISTS = {
    "en": "about after and at by for from how in is its of on the to was what who with",
    "es": "al como con de del el en es la las los para por que se sin sobre su sus un una y",
}
WORDS = {code: frozenset(words.split()) for code, words in _LISTS.items()}
LETTERS = {"es": re.compile("[áéíóúñ¿¡]")}
# With fewer signs, it may be a name.
ENOUGH = 2


@lru_cache(maxsize=2000)
def language_of(text):
    """Return the code of the language of a text; the first language of the site if it isn't clear."""
    words = re.findall(r"[^\W\d_]+|[¿¡]", text.lower())
    first = settings.LANGUAGE_CODE
    signs = {
        code: sum(word in known or bool(code in LETTERS and LETTERS[code].search(word)) for word in words)
        for code, known in WORDS.items()
        if code in dict(settings.LANGUAGES)
    }
    best = max(signs, key=signs.get, default=first)
    return best if signs.get(best, 0) >= ENOUGH and signs[best] > signs.get(first, 0) else first
