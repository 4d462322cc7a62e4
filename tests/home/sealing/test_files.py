import pytest

from home.sealing.files import SealingError, is_public_key, kind_of, padded, seal
from tests.support.sealing import ENCRYPTED, PUBLIC, unseal


@pytest.mark.parametrize("content", [[["Question", "Añswer 🌙"]], "a note", [], [["", "x" * 100_000]]])
def test_the_private_key_opens_what_was_sealed(content):
    assert unseal(seal(content, PUBLIC)) == content


def test_the_length_of_a_sealed_text_tells_little():
    lengths = [len(seal("x" * count, PUBLIC)) for count in (1, 10, 500, 1000)]
    assert (
        max(lengths) - min(lengths) < 500
    )  # Each file has up to 265 random bytes, a third more when armored.
    assert {len(padded(b"x" * count)) for count in range(0, 20_000, 99)} == {1024, 4096, 16384, 65536}


@pytest.mark.parametrize("key", ["", "age1", PUBLIC[:-1] + "x", PUBLIC.replace("age1", "age1pq1")])
def test_a_broken_key_seals_nothing_and_the_error_quotes_nothing(key):
    assert not is_public_key(key)
    with pytest.raises(SealingError) as caught:
        seal("Planted words", key)
    assert "Planted" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_text_that_cannot_be_encoded_is_not_quoted_in_the_error():
    with pytest.raises(SealingError) as caught:
        seal("Planted \ud800", PUBLIC)
    assert "Planted" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (ENCRYPTED, "scrypt"),
        (ENCRYPTED.replace("\n", "\r\n"), "scrypt"),
        ("", None),
        ("AGE-SECRET-KEY-1ABC", None),
        ("-----BEGIN AGE ENCRYPTED FILE-----\nhello\n-----END AGE ENCRYPTED FILE-----", None),
        ("Grand Avenue\n" + ENCRYPTED, None),
        (ENCRYPTED + "Grand Avenue", None),
        (ENCRYPTED.replace("=", ""), None),
        # Looking at them takes no longer than at others.
        ("-----BEGIN AGE ENCRYPTED FILE-----" + "\n" * 100_000 + "x", None),
        ("-----BEGIN AGE ENCRYPTED FILE-----" + "\nA" * 100_000, None),
    ],
)
def test_the_kind_of_a_file_is_told(text, kind):
    assert kind_of(text) == kind
    assert kind_of(seal("x", PUBLIC)) == "X25519"
