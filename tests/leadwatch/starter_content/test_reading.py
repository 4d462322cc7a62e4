"""The data files of the starter content are complete, respectful, and checked strictly."""

import re
import shutil
from dataclasses import asdict
from urllib.parse import urlsplit

import pytest
import yaml

from home.dates import values
from leadwatch.starter_content import reading, schema
from leadwatch.starter_content.body import References, make_body
from leadwatch.starter_content.reading import DataError

# Nobody is reduced to an accusation, or to a situation in life.
BANNED = re.compile(
    r"\b(offenders?|prostitutes?|criminals|felons?|convicts?|addicts?|junkies?|hookers?|abusers?|vagrants?"
    r"|the homeless)\b",
    re.IGNORECASE,
)
# Markup that the editor's text box can make.
MARKUP = {"p", "b", "i", "ul", "ol", "li", "a"}


@pytest.fixture(scope="module")
def content():
    return reading.read()


@pytest.fixture
def folder(tmp_path):
    """Copy the data files, to put mistakes into them."""
    return shutil.copytree(
        reading.FOLDER, tmp_path / "copy", ignore=shutil.ignore_patterns("*.py*", "__pycache__")
    )


def change(folder, name, spoil):
    """Change the content of a data file with `spoil`."""
    path = folder / f"{name}.yaml"
    held = yaml.safe_load(path.read_text())
    spoil(held)
    path.write_text(yaml.safe_dump(held))


def strings(held):
    """Yield every text of a data file with its key."""
    if isinstance(held, dict):
        for key, value in held.items():
            yield from ((inner or key, text) for inner, text in strings(value))
    elif isinstance(held, list):
        for value in held:
            yield from strings(value)
    elif isinstance(held, str):
        yield "", held


def everything():
    """Yield file name, key and text of every text in the data files."""
    for path in sorted(reading.FOLDER.glob("*.yaml")):
        for key, text in strings(yaml.safe_load(path.read_text())):
            yield path.name, key, text


def test_the_content_is_complete(content):
    at_least = {
        "events": 18,
        "concerns": 5,
        "partners": 4,
        "documents": 5,
        "glossary": 11,
        "figures": 5,
        "texts": 4,
    }
    assert {name: len(content.lists[name]) >= count for name, count in at_least.items()} == dict.fromkeys(
        at_least, True
    )
    assert {item.slug for item in content.lists["categories"]} == {
        *("policy", "policing", "funding", "operations", "community", "evaluation")
    }
    assert {item.slug for item in content.lists["texts"]} == {
        "privacy",
        "accessibility",
        "corrections",
        "staying-safe",
    }


@pytest.mark.parametrize("name", schema.LISTS)
def test_an_unknown_key_is_refused_by_file_item_and_key(name, folder):
    change(folder, name, lambda items: items[0].update(colour="red"))
    slug = yaml.safe_load((folder / f"{name}.yaml").read_text())[0]["slug"]
    with pytest.raises(DataError, match=rf"^{name}\.yaml, {slug}: the key 'colour' is not known"):
        reading.read(folder)


@pytest.mark.parametrize("name", schema.LISTS)
def test_a_missing_key_is_refused_by_file_item_and_key(name, folder):
    change(folder, name, lambda items: items[0].pop("slug"))
    with pytest.raises(DataError, match=rf"^{name}\.yaml, item 1: the key 'slug' is missing"):
        reading.read(folder)


@pytest.mark.parametrize(
    ("name", "spoil", "message"),
    [
        ("site", lambda site: site.update(motto=""), "site.yaml: the key 'motto' is not known"),
        ("pages", lambda pages: pages.update(blog={}), "pages.yaml: the key 'blog' is not known"),
        ("pages", lambda pages: pages.pop("timeline"), "pages.yaml: the key 'timeline' is missing"),
        (
            "pages",
            lambda pages: pages["home"].update(body=None),
            "pages.yaml, home, body: None is not of type list",
        ),
        (
            "pages",
            lambda pages: pages["contact"]["questions"][0].update(hint=""),
            "pages.yaml, contact, questions 1: the key 'hint' is not known",
        ),
        (
            "sources",
            lambda sources: sources["new-journal"].update(author="A reporter"),
            "sources.yaml, new-journal: the key 'author' is not known",
        ),
        (
            "figures",
            lambda figures: figures[0]["values"][0].update(guess=1),
            "figures.yaml, arrests-first-eight-months, values 1: the key 'guess' is not known",
        ),
        (
            "events",
            lambda events: events[1].update(date=2016),
            "events.yaml, .*, date: 2016 is not of type str. Put it in quotes",
        ),
        (
            "events",
            lambda events: events.append(events[0]),
            "events.yaml, lead-begins-in-seattle: the slug is there twice",
        ),
        (
            "events",
            lambda events: events[0].update(sources=["nobody"]),
            "events.yaml, .*, sources: there is no 'nobody'",
        ),
        (
            "events",
            lambda events: events[0].update(category="sports"),
            "events.yaml, .*, category: there is no 'sports'",
        ),
        (
            "events",
            lambda events: events[0].update(concerns=["x"]),
            "events.yaml, .*, concerns: there is no 'x'",
        ),
    ],
)
def test_mistakes_are_refused(folder, name, spoil, message):
    change(folder, name, spoil)
    with pytest.raises(DataError, match=message):
        reading.read(folder)


def test_invalid_yaml_is_named(folder):
    (folder / "events.yaml").write_text("- {slug: [")
    with pytest.raises(DataError, match=r"^events\.yaml is not valid YAML"):
        reading.read(folder)


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ({"marquee": "x"}, "block 1: the key 'marquee' is not known"),
        ({"heading": {"text": "x"}, "text": "<p>x</p>"}, "block 1: one block is expected"),
        ({"heading": {"text": "x", "size": "9"}}, "block 1, heading: the key 'size' is not known"),
        ({"heading": {"text": "x", "level": "h9"}}, "h9"),
        ({"number": {"value": 2}}, "value: 2 is not a text"),
        ({"text": "<p>It is so. [nobody]</p>"}, "'nobody' is cited, but is not a source of this page"),
        ({"text": '<p><a href="page:nowhere">x</a></p>'}, "'nowhere' is not among the pages"),
        ({"quote": {"text": "x", "source": "nobody"}}, "'nobody' is not among the sources"),
    ],
)
def test_blocks_that_no_editor_could_write_are_refused(block, message):
    with pytest.raises(DataError, match=message):
        make_body([block], "a page", References({}))


def test_a_citation_becomes_the_number_of_its_source(content):
    [text] = make_body(
        [{"text": "<p>So. [swan-ghjp]</p>"}], "", References(content.sources), ["new-journal", "swan-ghjp"]
    )
    assert text.value.source == '<p>So. <a href="#source-2">[2]</a></p>'


def test_every_source_is_used(content):
    text = "".join(path.read_text() for path in reading.FOLDER.glob("*.yaml") if path.name != "sources.yaml")
    assert [key for key in content.sources if not re.search(rf"\b{key}\b", text)] == []


def test_every_page_and_figure_that_needs_a_source_has_one(content):
    for name in ("events", "concerns", "documents", "figures"):
        assert [item.slug for item in content.lists[name] if not item.sources] == []


def test_an_event_is_confirmed_only_by_an_official_document_or_two_publishers(content):
    confirmed_by_a_document = {"lead-reform-letter", "second-lead-reform-letter"}
    for event in content.lists["events"]:
        publishers = {content.sources[key].publisher for key in event.sources}
        if event.verification == "confirmed" and event.slug not in confirmed_by_a_document:
            assert len(publishers) > 1, event.slug


def test_addresses_are_whole(content):
    addresses = [source.url for source in content.sources.values()]
    addresses += [partner.website for partner in content.lists["partners"] if partner.website]
    for address in addresses:
        parts = urlsplit(address)
        assert parts.scheme in {"http", "https"}, address
        assert parts.hostname, address
        assert len(address) <= 200, address


def test_dates_are_valid_edtf(content):
    keys = {"date", "end_date", "published", "period_start", "period_end"}
    for name in ("events", "documents", "figures"):
        for key, text in strings([asdict(item) for item in content.lists[name]]):
            if key in keys and text:
                values.PreciseDate.from_edtf(text)


def test_events_are_in_chronological_order(content):
    keys = [event.date for event in content.lists["events"]]
    assert keys == sorted(keys)


def test_no_word_reduces_a_person_to_an_accusation():
    assert [found for found in everything() if BANNED.search(found[2])] == []


def test_prostitution_is_only_the_name_of_a_charge():
    sentences = [text for _file, _key, text in everything() if "prostitution" in text.lower()]
    assert sentences
    for text in sentences:
        assert re.search(r"(charges of narcotics and|arrests for) prostitution", text), text


def test_authors_of_published_reports_are_the_only_people_named():
    named = [(file, key) for file, key, text in everything() if "Joudrey" in text]
    assert named == [("documents.yaml", "issued_by")]
    # A reporter's name may be in the address of an article.
    assert [key for _file, key, text in everything() if "breen" in text.lower()] == ["url"]


def test_texts_use_the_markup_that_editors_can_make():
    for file, _key, text in everything():
        assert set(re.findall(r"</?([a-z0-9]+)", text)) <= MARKUP, (file, text)


def test_no_text_names_a_machine_or_a_folder():
    for file, _key, text in everything():
        assert not re.search(r"(?<![\w.])/(work|home|tmp|root|shared)/", text), (file, text)
