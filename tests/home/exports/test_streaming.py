import pytest
from django.utils.translation import get_language, gettext, override

from home.exports.spreadsheets import as_csv
from home.exports.streaming import in_language_of_caller


@in_language_of_caller
def words():
    yield gettext("Sources")
    yield gettext("Sources")


def test_pieces_are_made_in_the_language_of_the_caller():
    with override("es"):
        pieces = words()
        table = as_csv([gettext("Sources")] for _row in range(1))
    assert list(pieces) == ["Fuentes", "Fuentes"]
    assert "Fuentes" in "".join(table)


def test_making_a_piece_does_not_change_the_active_language():
    with override("es"):
        pieces = words()
    before = get_language()
    for _piece in pieces:
        assert get_language() == before


def test_errors_are_raised():
    @in_language_of_caller
    def fail():
        yield "one"
        raise RuntimeError

    pieces = fail()
    assert next(pieces) == "one"
    with pytest.raises(RuntimeError):
        next(pieces)
