"""What the data files hold. A key that is not named here is refused, as is one that is missing."""

from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

import yaml

FOLDER = Path(__file__).parent


class DataError(ValueError):
    """A data file holds what it should not; the message names file, item and key."""


@dataclass(frozen=True)
class SiteRecord:
    footer_text: str


@dataclass(frozen=True)
class SourceRecord:
    title: str
    publisher: str
    url: str
    published: str = ""

    @property
    def citation(self):
        """Title and publisher in one line."""
        return f"{self.title}, {self.publisher}"


@dataclass(frozen=True)
class CategoryRecord:
    slug: str
    name: str
    description: str


@dataclass(frozen=True)
class PageRecord:
    slug: str
    title: str
    summary: str


@dataclass(frozen=True)
class TextRecord(PageRecord):
    body: list = field(default_factory=list)


@dataclass(frozen=True)
class HomeRecord(TextRecord):
    headline: str = field(kw_only=True)
    concerns_intro: str = field(kw_only=True)
    watchers_intro: str = field(kw_only=True)
    contact_intro: str = field(kw_only=True)


@dataclass(frozen=True)
class QuestionRecord:
    label: str
    field_type: str
    required: bool
    help_text: str = ""


@dataclass(frozen=True)
class ContactRecord(TextRecord):
    readers: str = field(kw_only=True)
    keep_days: int = field(kw_only=True)
    thanks: str = field(kw_only=True)
    questions: list[QuestionRecord] = field(kw_only=True)


@dataclass(frozen=True)
class ConcernRecord(TextRecord):
    state: str = field(kw_only=True)
    sources: list[str] = field(kw_only=True)


@dataclass(frozen=True)
class PartnerRecord(TextRecord):
    kind: str = field(kw_only=True)
    role: str = field(kw_only=True)
    standing: str = field(kw_only=True)
    short_name: str = ""
    website: str = ""


@dataclass(frozen=True)
class DocumentRecord(TextRecord):
    issued_by: str = field(kw_only=True)
    date: str = field(kw_only=True)
    kind: str = field(kw_only=True)
    status: str = field(kw_only=True)
    sources: list[str] = field(kw_only=True)


@dataclass(frozen=True)
class EventRecord(TextRecord):
    date: str = field(kw_only=True)
    category: str = field(kw_only=True)
    verification: str = field(kw_only=True)
    sources: list[str] = field(kw_only=True)
    concerns: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    end_date: str = ""
    place: str = ""


@dataclass(frozen=True)
class ValueRecord:
    value: int
    published: str
    group: str = ""
    period_start: str = ""
    period_end: str = ""


@dataclass(frozen=True)
class FigureRecord:
    slug: str
    title: str
    description: str
    unit: str
    values: list[ValueRecord]
    sources: list[str]
    breakdown: str = "none"


@dataclass(frozen=True)
class TermRecord:
    slug: str
    term: str
    definition: str
    aliases: str = ""


# What the items of each file are, and what the parts of pages.yaml are.
LISTS = {
    "texts": TextRecord,
    "concerns": ConcernRecord,
    "partners": PartnerRecord,
    "documents": DocumentRecord,
    "categories": CategoryRecord,
    "events": EventRecord,
    "figures": FigureRecord,
    "glossary": TermRecord,
}
PAGES = {
    "home": HomeRecord,
    "overview": TextRecord,
    "concerns": PageRecord,
    "timeline": TextRecord,
    "documents": PageRecord,
    "figures": TextRecord,
    "glossary": PageRecord,
    "partners": PageRecord,
    "contact": ContactRecord,
}


@dataclass(frozen=True)
class Content:
    """All that the data files say."""

    site: SiteRecord
    sources: dict
    pages: dict
    lists: dict


def read(folder=FOLDER):
    """
    Read all data files.

    :param folder: where they are.
    :raises DataError: if a file holds something that it should not, or lacks something.
    """
    files = {name: load(folder, name) for name in ("site", "sources", "pages", *LISTS)}
    pages = mapping(files["pages"], "pages.yaml")
    refuse_wrong_keys(pages, known=PAGES, needed=PAGES, where="pages.yaml")
    content = Content(
        site=build(SiteRecord, files["site"], "site.yaml"),
        sources={
            key: build(SourceRecord, item, f"sources.yaml, {key}")
            for key, item in mapping(files["sources"], "sources.yaml").items()
        },
        pages={part: build(record, pages[part], f"pages.yaml, {part}") for part, record in PAGES.items()},
        lists={name: build_list(record, files[name], f"{name}.yaml") for name, record in LISTS.items()},
    )
    refuse_dead_references(content)
    return content


def refuse_dead_references(content):
    """Raise DataError for the first item that names another one which is not there."""
    known = {name: {item.slug for item in items} for name, items in content.lists.items()}
    known |= {"sources": set(content.sources), "category": known["categories"]}
    for name, items in content.lists.items():
        for item in items:
            for kind in vars(item).keys() & known.keys():
                keys = getattr(item, kind)
                for key in [keys] if isinstance(keys, str) else keys:
                    if key not in known[kind]:
                        raise DataError(f"{name}.yaml, {item.slug}, {kind}: there is no {key!r}.")


def load(folder, name):
    """What a YAML file holds, as it stands there."""
    try:
        return yaml.safe_load((Path(folder) / f"{name}.yaml").read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise DataError(f"{name}.yaml is no YAML: {error}") from error


def build_list(record, items, where):
    """The items of a file as records, no two of which share a slug."""
    if not isinstance(items, list):
        raise DataError(f"{where}: a list is expected.")
    built = [build(record, item, name_of(item, number, where)) for number, item in enumerate(items, start=1)]
    slugs = [item.slug for item in built]
    for slug in slugs:
        if slugs.count(slug) > 1:
            raise DataError(f"{where}, {slug}: the slug is there twice.")
    return built


def build(record, item, where):
    """
    An item as a record.

    :param record: the dataclass that names the keys and their types.
    :raises DataError: if a key is unknown or missing, or a value is not of its type.
    """
    known = {each.name: each for each in fields(record)}
    needed = [
        name for name, each in known.items() if each.default is MISSING and each.default_factory is MISSING
    ]
    refuse_wrong_keys(mapping(item, where), known, needed, where)
    hints = get_type_hints(record)
    return record(**{key: checked(hints[key], value, f"{where}, {key}") for key, value in item.items()})


def checked(hint, value, where):
    """The value, with records for the items of a list of records."""
    expected = get_origin(hint) or hint
    # YAML reads 2016 as a number and 2017-05-01 as a day, and true is a number to Python.
    if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
        hint = " Put it in quotes." if expected is str else ""
        raise DataError(f"{where}: {value!r} is no {expected.__name__}.{hint}")
    for inner in get_args(hint):
        if is_dataclass(inner):
            return [build(inner, item, f"{where} {number}") for number, item in enumerate(value, start=1)]
        for item in value:
            checked(inner, item, where)
    return value


def refuse_wrong_keys(item, known, needed, where):
    """Raise DataError for the first key that is unknown, or missing."""
    for key in item:
        if key not in known:
            raise DataError(f"{where}: the key {key!r} is not known.")
    for key in needed:
        if key not in item:
            raise DataError(f"{where}: the key {key!r} is missing.")


def mapping(item, where):
    """The item, if it has keys."""
    if not isinstance(item, dict):
        raise DataError(f"{where}: keys with values are expected.")
    return item


def name_of(item, number, where):
    """How a message names an item: by its slug if it has one."""
    slug = item.get("slug") if isinstance(item, dict) else None
    return f"{where}, {slug or f'item {number}'}"
