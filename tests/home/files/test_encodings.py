from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.files.encodings import decode, has_lost_characters, restored

WORDS = "Découverte à l’hôpital: «Ñandú», “où ça gêne”, Müller – señor"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_stated_encoding_is_used(encoding):
    decoded = decode(WORDS.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.samples) == (WORDS, "", ())


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Windows-1252"),
        ("mac_roman", "Mac Roman"),
        ("cp850", "MS-DOS (850)"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_a_guessed_encoding_is_named_with_affected_words(encoding, name):
    words = WORDS if encoding != "cp850" else "Découverte à: «Ñandú», Müller"
    decoded = decode(words.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.samples[0]) == (words, name, "Découverte")


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("word", ["Café", "“été”", "Ñuñoa", "l’hôpital", "año", "naïve", "Straße", "über"])
def test_one_word_is_enough_to_tell_encodings_apart(word, encoding):
    assert decode(f"Year,Headline\n2019,{word}\n".encode(encoding)).text.split(",")[-1].strip() == word


@pytest.mark.parametrize("content", [b"\x00\xff\xfe\x01", b"\x89PNG\x00\x00\x00", b"\x00"])
def test_binary_content_is_refused(content):
    with pytest.raises(UnicodeDecodeError):
        decode(content)


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(content):
    with suppress(UnicodeDecodeError):
        assert isinstance(decode(content).text, str)


SLOPPY = {code: chr(code) for code in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def misread(text):
    """Read UTF-8 as Windows-1252, as Excel does."""
    return "".join(chr(byte) if byte in SLOPPY else bytes([byte]).decode("cp1252") for byte in text.encode())


@pytest.mark.parametrize("text", ["Café", "“été” at Ñuñoa", "50 €", "Łódź", "Привет", "日本語", "naïve – à"])
def test_text_from_a_wrong_encoding_is_repaired(text):
    assert restored(misread(text)) == text
    assert restored(text.encode().decode("mac_roman")) == text


@pytest.mark.parametrize(
    "text",
    ["", "Café", "“CAFÉ”", "«CAFÉ»", "CAFÉ» é", "Âge", "NESTLÉ®", "été Ã", "Привет", "日本語", "½ Å", "¬Ä"],
)
def test_correct_text_is_unchanged(text):
    assert restored(text) == text


def test_lost_characters_are_noticed():
    assert has_lost_characters("CafÃ© â€œÃ©tÃ©â€\N{REPLACEMENT CHARACTER}")
    assert not has_lost_characters("The character \N{REPLACEMENT CHARACTER}")
    assert not has_lost_characters("CafÃ©")
