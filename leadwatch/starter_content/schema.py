"""The shape of the data files. Unknown and missing keys are refused."""

from dataclasses import dataclass, field, make_dataclass

from timeline.models import EventSource


@dataclass(frozen=True, kw_only=True)
class SiteData:
    footer_text: str


# The other fields of a source are optional. Files of the library cannot be named in YAML.
SourceData = make_dataclass(
    "SourceData",
    [
        (each.name, str) if each.name in ("title", "publisher", "url") else (each.name, str, "")
        for each in EventSource.data_fields()
        if not each.is_relation
    ],
    frozen=True,
    kw_only=True,
)


@dataclass(frozen=True, kw_only=True)
class CategoryData:
    slug: str
    name: str
    description: str


@dataclass(frozen=True, kw_only=True)
class PageData:
    slug: str
    title: str
    summary: str


@dataclass(frozen=True, kw_only=True)
class TextData(PageData):
    body: list = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class HomeData(TextData):
    headline: str
    concerns_intro: str
    watchers_intro: str
    contact_intro: str


@dataclass(frozen=True, kw_only=True)
class QuestionData:
    label: str
    field_type: str
    required: bool
    help_text: str = ""
    # What visitors can choose from, one per line.
    choices: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactData(TextData):
    readers: str
    keep_days: int
    thanks: str
    questions: list[QuestionData]


@dataclass(frozen=True, kw_only=True)
class ConcernData(TextData):
    state: str
    sources: list[str]


@dataclass(frozen=True, kw_only=True)
class PartnerData(TextData):
    kind: str
    role: str
    standing: str
    short_name: str = ""
    website: str = ""


@dataclass(frozen=True, kw_only=True)
class DocumentData(TextData):
    issued_by: str
    date: str
    kind: str
    status: str
    sources: list[str]


@dataclass(frozen=True, kw_only=True)
class EventData(TextData):
    date: str
    category: str
    verification: str
    sources: list[str]
    concerns: list[str] = field(default_factory=list)
    partners: list[str] = field(default_factory=list)
    end_date: str = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class ValueData:
    value: int
    published: str
    group: str = ""
    period_start: str = ""
    period_end: str = ""


@dataclass(frozen=True, kw_only=True)
class FigureData:
    slug: str
    title: str
    description: str
    unit: str
    values: list[ValueData]
    sources: list[str]
    breakdown: str = "none"


@dataclass(frozen=True, kw_only=True)
class TermData:
    slug: str
    term: str
    definition: str
    aliases: str = ""


# The class of the items of each file, and of each part of pages.yaml.
LISTS = {
    "texts": TextData,
    "concerns": ConcernData,
    "partners": PartnerData,
    "documents": DocumentData,
    "categories": CategoryData,
    "events": EventData,
    "figures": FigureData,
    "glossary": TermData,
}
PAGES = {
    "home": HomeData,
    "overview": TextData,
    "concerns": PageData,
    "timeline": TextData,
    "documents": PageData,
    "figures": TextData,
    "glossary": PageData,
    "partners": PageData,
    "contact": ContactData,
}


@dataclass(frozen=True, kw_only=True)
class Content:
    site: SiteData
    sources: dict[str, SourceData]
    pages: dict[str, PageData]
    lists: dict[str, list]
