import pytest

from search.models import KnownWord
from search.results.spelling import corrections

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _known_words():
    words = "dashboard evaluation receive social contact police policy arrest reform letter meeting"
    KnownWord.objects.bulk_create(KnownWord(language="en", word=word) for word in words.split())
    KnownWord.objects.create(language="es", word="reuniones")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dashbord", "dashboard"),
        ("evalution", "evaluation"),
        ("recieve", "receive"),
        ("metting", "meeting"),
        ("socialcontact", "social contact"),
    ],
)
def test_a_misspelled_word_is_corrected(typed, meant):
    assert corrections([typed], "en") == {typed: meant}


@pytest.mark.parametrize("typed", ["dashboards", "arrested", "xylophone", "abc", "2017", "reunion"])
def test_other_words_are_not_changed(typed):
    assert corrections([typed], "en") == {}


def test_words_of_other_languages_are_not_suggested():
    assert corrections(["reunoines"], "es") == {"reunoines": "reuniones"}
