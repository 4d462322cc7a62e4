"""The Spanish starter content says what the English says, with the same sources, links and numbers."""

import re
from collections import Counter

import pytest
import yaml
from django.core.validators import validate_slug

from leadwatch.starter_content.reading import FOLDER

FILES = sorted(path.stem for path in (FOLDER / "es").glob("*.yaml"))
# Fields that are the same in both languages, and are left out.
SAME = {
    "date", "end_date", "category", "verification", "sources", "concerns", "partners", "state", "standing",
    "website", "kind", "status", "unit", "values", "breakdown", "keep_days", "field_type", "required",
    "source", "tone", "level",
}  # fmt: skip
NAMES = {"Katal Center for Health, Equity, and Justice", "Sex Workers and Allies Network"}
# Nobody is reduced to an accusation. No letters stand for two genders, since screen readers can't read them.
BANNED = re.compile(
    r"delincuente|prostituta|ofensor|drogadict|vagabund|\w@\w|\b(tod|amig|aliad)[xe]s\b", re.I
)
KEPT = {
    "citations": r"\[[a-z][a-z0-9-]*\]",
    "links": r'href="[^"]*"',
    "tags": r"</?\w+",
    "numbers": r"\d[\d.,]*\d|\d",
}


def load(path):
    held = yaml.safe_load((FOLDER / path).read_text())
    return {item["slug"]: item for item in held} if isinstance(held, list) else held


def texts(held, path=()):
    """Yield the path and the text of each text. Lists of words are one text each."""
    if isinstance(held, dict):
        for key, value in held.items():
            yield from texts(value, (*path, key))
    elif isinstance(held, list):
        for number, value in enumerate(held):
            yield from texts(value, (*path, number))
    elif isinstance(held, str):
        yield path, held


def pairs():
    """Yield file, path, English and Spanish of each text that has both."""
    for name in FILES:
        english = dict(texts(load(f"{name}.yaml")))
        for path, text in texts(load(f"es/{name}.yaml")):
            yield name, path, english.get(path, ""), text


def test_every_file_with_words_is_translated():
    assert {*FILES, "sources"} == {path.stem for path in FOLDER.glob("*.yaml")}


@pytest.mark.parametrize("name", FILES)
def test_every_item_has_the_same_blocks_and_no_field_of_its_own(name):
    english, spanish = load(f"{name}.yaml"), load(f"es/{name}.yaml")
    assert list(english) == list(spanish)
    known = {path for path, _text in texts(english)}
    # Spanish has aliases where an English word needs none.
    added = {path for path, _text in texts(spanish) if path[-1] != "aliases"} - known
    assert added == set()
    for key, item in english.items():
        if isinstance(item, dict):
            blocks, found = ([[*block] for block in each.get("body", [])] for each in (item, spanish[key]))
            assert found == blocks, key


def test_only_names_are_left_in_english():
    translated = {(name, path) for name, path, _english, _spanish in pairs()}
    left = {
        text
        for name in FILES
        for path, text in texts(load(f"{name}.yaml"))
        if (name, path) not in translated and path[-1] != "slug" and not SAME.intersection(path)
    }
    assert {text for text in left if re.search(r"\b(the|and|of|is|to|a)\b", text)} == NAMES


def test_sources_links_and_numbers_are_the_same():
    for name, path, english, spanish in pairs():
        if path[-1] == "slug":
            continue
        for what, pattern in KEPT.items():
            found, expected = (Counter(re.findall(pattern, text)) for text in (spanish, english))
            assert found == expected, (name, path, what)


def test_slugs_are_plain_and_different():
    for name in FILES:
        slugs = [text for path, text in texts(load(f"es/{name}.yaml")) if path[-1] == "slug"]
        assert len(slugs) == len(set(slugs))
        for slug in slugs:
            validate_slug(slug)


def test_the_spanish_is_respectful_and_complete():
    for name, path, english, spanish in pairs():
        where = (name, path)
        assert not BANNED.search(re.sub(r"<[^>]*>", "", spanish)), where
        assert spanish.count("¿") == re.sub(r'"[^"]*"', "", spanish).count("?"), where
        if len(english.split()) > 4:
            assert spanish != english, where


def test_quotations_are_marked_as_translated():
    quoted = [
        block["quote"]
        for name in FILES
        for item in load(f"es/{name}.yaml").values()
        if isinstance(item, dict)
        for block in item.get("body", [])
        if "quote" in block
    ]
    assert quoted
    assert all(each["who"].endswith("(traducción nuestra)") for each in quoted)
