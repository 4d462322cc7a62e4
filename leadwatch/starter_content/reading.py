"""Read the data files, and refuse whatever doesn't fit the schema."""

from dataclasses import is_dataclass
from inspect import signature
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import yaml

from home.text import fingerprint
from leadwatch.starter_content.schema import LISTS, PAGES, Content, SiteData, SourceData

FOLDER = Path(__file__).parent


class DataError(ValueError):
    """A mistake in a data file. The message names the file, the item and the key."""


def read(folder=FOLDER):
    """Read and check all data files of a folder."""
    files = {name: load(folder, name) for name in ("site", "sources", "pages", *LISTS)}
    pages = mapping(files["pages"], "pages.yaml")
    refuse_wrong_keys(pages, known=PAGES, needed=PAGES, where="pages.yaml")
    content = Content(
        site=build(SiteData, files["site"], "site.yaml"),
        sources={
            key: build(SourceData, item, f"sources.yaml, {key}")
            for key, item in mapping(files["sources"], "sources.yaml").items()
        },
        pages={part: build(shape, pages[part], f"pages.yaml, {part}") for part, shape in PAGES.items()},
        lists={name: build_list(shape, files[name], f"{name}.yaml") for name, shape in LISTS.items()},
    )
    refuse_dead_references(content)
    return content


def version(folder=FOLDER):
    """Return a text that changes with any data file of a folder."""
    return fingerprint("".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.yaml"))))


def read_translation(language, folder=FOLDER):
    """
    Read the words of a language, in the folder of its code, and add them to the originals.

    Return the translated items by file and key of the original, and the DataErrors of items and whole files
    that are left out.
    """
    found, errors = {}, []
    for name in ("site", "pages", *LISTS):
        try:
            originals = load(folder, name)
            if name in LISTS:
                originals = {item["slug"]: item for item in originals}
            words = mapping(load(folder, f"{language}/{name}"), f"{language}/{name}.yaml")
        except DataError as error:
            errors.append(error)
            continue
        if name == "site":
            originals, words = {name: originals}, {name: words}
        for key, item in words.items():
            where = f"{language}/{name}.yaml, {key}"
            try:
                if key not in originals:
                    raise DataError(f"{where}: there is no original.")
                shape = SiteData if name == "site" else LISTS.get(name) or PAGES[key]
                found[name, key] = build(shape, merged(originals[key], item, where), where)
            except DataError as error:
                errors.append(error)
    return found, errors


def merged(original, words, where):
    """Return an item with its words replaced by those of its translation, part by part."""
    if isinstance(words, dict):
        original = mapping(original or {}, where)
        return original | {
            key: merged(original.get(key), each, f"{where}, {key}") for key, each in words.items()
        }
    if isinstance(words, list):
        if not isinstance(original, list) or len(original) != len(words):
            raise DataError(f"{where}: as many parts are expected as in the original.")
        return [merged(*both, where) for both in zip(original, words, strict=True)]
    return words


def refuse_dead_references(content):
    """Raise DataError for the first item that names another item that doesn't exist."""
    known = {name: {item.slug for item in items} for name, items in content.lists.items()}
    known |= {"sources": set(content.sources), "category": known["categories"]}
    for name, items in content.lists.items():
        for item in items:
            for kind in vars(item).keys() & known.keys():
                keys = vars(item)[kind]
                for key in [keys] if isinstance(keys, str) else keys:
                    if key not in known[kind]:
                        raise DataError(f"{name}.yaml, {item.slug}, {kind}: there is no {key!r}.")


def load(folder, name):
    try:
        return yaml.safe_load((Path(folder) / f"{name}.yaml").read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(f"{name}.yaml can't be read: {error}") from error
    except yaml.YAMLError as error:
        raise DataError(f"{name}.yaml is not valid YAML: {error}") from error


def build_list(shape, items, where):
    """Build the items of a file. No two may have the same slug."""
    if not isinstance(items, list):
        raise DataError(f"{where}: a list is expected.")
    built = [build(shape, item, name_of(item, number, where)) for number, item in enumerate(items, start=1)]
    slugs = [item.slug for item in built]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise DataError(f"{where}, {slug}: the slug is there twice.")
    return built


def build(shape, item, where):
    """Build an instance of a dataclass, whose fields are the allowed keys and their types."""
    known = signature(shape).parameters
    needed = [name for name, each in known.items() if each.default is each.empty]
    refuse_wrong_keys(mapping(item, where), known, needed, where)
    hints = get_type_hints(shape)
    return shape(**{key: checked(hints[key], value, f"{where}, {key}") for key, value in item.items()})


def checked(hint, value, where):
    """Return the value if it has the right type. The items of a list of dataclasses are built."""
    expected = get_origin(hint) or hint
    # YAML reads 2016 as a number and 2017-05-01 as a day, and to Python true is a number.
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        advice = " Put it in quotes." if expected is str else ""
        raise DataError(f"{where}: {value!r} is not of type {expected.__name__}.{advice}")
    for inner in get_args(hint):
        if is_dataclass(inner):
            return [build(inner, item, f"{where} {number}") for number, item in enumerate(value, start=1)]
        for item in value:
            checked(inner, item, where)
    return value


def refuse_wrong_keys(item, known, needed, where):
    """Raise DataError for the first key that is unknown or missing."""
    for key in item:
        if key not in known:
            raise DataError(f"{where}: the key {key!r} is not known.")
    for key in needed:
        if key not in item:
            raise DataError(f"{where}: the key {key!r} is missing.")


def mapping(item, where):
    if not isinstance(item, dict):
        raise DataError(f"{where}: keys with values are expected.")
    return item


def name_of(item, number, where):
    """Return the name of an item for messages: its slug if it has one."""
    slug = item.get("slug") if isinstance(item, dict) else None
    return f"{where}, {slug or f'item {number}'}"
