"""Text files in whatever encoding a program saved them, and text that a program has read in a wrong one."""

import codecs
import re
from dataclasses import dataclass
from itertools import islice

__all__ = ["Decoded", "decode", "has_lost_characters", "restored"]

# The encodings of programs that save nothing about it, and how people call them.
OLD_ENCODINGS = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "MS-DOS (850)"}
ACCENTED = set("áéíóúñüàèìòùâêîôûäëïöçãõåæøœßÿšžÁÉÍÓÚÑÜÀÈÌÒÙÂÊÎÔÛÄËÏÖÇÃÕÅÆØŒŠŽ")
PUNCTUATION = set("’‘“”–—…«»•€£©®™°§¡¿ºª·\N{NO-BREAK SPACE}")
AFFECTED = re.compile(r"[^\s,;|\"]{0,40}[^\x00-\x7f\s][^\s,;|\"]{0,40}")
MOST_SAMPLES = 5
# Characters by which the encoding is judged.
MOST_JUDGED = 20_000


@dataclass
class Decoded:
    """
    A text, and how it was read.

    :param encoding: what had to be assumed, as people call it; empty if the file itself says it.
    :param samples: words that would be others in another encoding.
    """

    text: str
    encoding: str = ""
    samples: tuple = ()


def decode(content):
    """
    The text of a file: UTF-8, or UTF-16 by its mark, or else the old encoding that makes words.

    :raises UnicodeDecodeError: if it is no text.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Decoded(content.decode("utf-16"))
    if content[:200].count(0) > len(content[:200]) / 5:
        return utf_16(content)
    try:
        return Decoded(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        if b"\0" in content:
            raise
    texts = {}
    for name in OLD_ENCODINGS:
        try:
            texts[name] = content.decode(name)
        except UnicodeDecodeError:
            continue
    best = max(texts, key=lambda name: likelihood(texts[name]))
    return Decoded(texts[best], OLD_ENCODINGS[best], samples_of(texts[best]))


def utf_16(content):
    """The text of UTF-16 without its mark; of plain text each second byte is NUL."""
    name = "utf-16-le" if content[1:200:2].count(0) > content[:200:2].count(0) else "utf-16-be"
    text = content.decode(name)
    if sum(map(str.isascii, text[:1000])) < len(text[:1000]) / 2 or "\0" in text:
        raise UnicodeDecodeError(name, content, 0, len(content), "no text")
    return Decoded(text, "UTF-16", samples_of(text))


def samples_of(text):
    found = (match[0] for match in islice(AFFECTED.finditer(text), 200))
    return tuple(dict.fromkeys(found))[:MOST_SAMPLES]


def likelihood(text):
    """Rate how much a text looks like words of Western languages."""
    total = 0
    for match in islice(re.finditer(r"[^\x00-\x7f]", text), MOST_JUDGED):
        place, letter = match.start(), match[0]
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        if letter in ACCENTED:
            # Words have no capitals inside.
            inside = before.islower() or (before.isalpha() and after.islower())
            total += -2 if letter.isupper() and inside else 2
        elif letter == "’":
            total += 2 if before.isalpha() and after.isalpha() else 1
        else:
            total += 1 if letter in PUNCTUATION else -3
    return total


def _characters(name):
    """The 256 characters of an encoding. Bytes without one stand for themselves, as on Windows."""
    found = []
    for byte in range(256):
        try:
            found.append(bytes([byte]).decode(name))
        except UnicodeDecodeError:
            found.append(chr(byte))
    return "".join(found)


def _likely(characters):
    """A pattern of what an accent, a quotation mark or a dash of UTF-8 becomes in an encoding."""
    rest = re.escape(characters[0x80:0xC0])
    first, second = re.escape(characters[0xC2:0xC6]), re.escape(characters[0xE2])
    return re.compile(f"[{first}][{rest}]|{second}[{rest}]{{2}}")


ENCODERS = [
    (codecs.charmap_build(characters), _likely(characters))
    for characters in map(_characters, ("cp1252", "mac_roman"))
]
# A single "É»" may be the end of a word in quotation marks; three such pairs and nothing else are not.
ENOUGH = 3


def restored(text):
    """
    The text as it was before a program took UTF-8 for an old encoding ("CafÃ©" was "Café").

    It is left as it is unless all that is not ASCII in it can have come about so.
    """
    if text.isascii():
        return text
    for encoder, likely in ENCODERS:
        try:
            found = codecs.charmap_encode(text, "strict", encoder)[0].decode()
        except UnicodeError:
            continue
        if likely.search(text) or len(found) - len(found.encode("ascii", "ignore")) >= ENOUGH:
            return found
    return text


def has_lost_characters(text):
    """Whether a text was read in a wrong encoding, and characters of it are gone for good."""
    return "\N{REPLACEMENT CHARACTER}" in text and any(likely.search(text) for _encoder, likely in ENCODERS)
