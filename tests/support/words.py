"""The words of a screen, and which of them are only developers'."""

import re

from lxml import html

# All attributes that a browser shows or a screen reader reads.
NAMES = ("title", "aria-label", "aria-description", "placeholder", "alt", "data-w-tooltip-content-value")
READ = "|".join(["//text()", *(f"//@{name}" for name in NAMES), "//input[@type='submit']/@value"])
# Wagtail's counter is hidden until a script has counted.
NOT_READ = "//script|//style|//*[@hidden][contains(@class, 'w-side-panel-toggle__counter')]"

OF_DEVELOPERS = re.compile(
    r"(?<![\w/.-])("
    # What Wagtail and Django call things. "Rejected" is no word of ours for what an author may mend.
    r"StreamBlock|StructBlock|StreamField|snippets?|slugs?|locales?|querysets?|objects?|instances?|Wagtail"
    r"|log entr(?:y|ies)|content types?|revisions?|workflows?|tasks?|moderation|rejected"
    r"|root(?: level)?|child(?:ren)?|sub-?pages?|parent(?! or guardian)|alias(?:es)?|descendants?|ancestors?"
    r"|explorer|dashboard|URLs?|Download XLSX|metrics|validation errors?|commenting action"
    r"|log(?:ged)? (?:in|out)|login|logout"
    # Other words than those of the handbook for images, documents and numbers.
    r"|pictures?|photo(?:graph)?s"
    # Names of models and fields, empty values, dates and plurals that nobody has put into words.
    r"|(?:home|timeline|concerns|search|wagtail\w+)\.\w+|(?-i:None|True|False)|undefined|null|NaN"
    r"|\d{4}-\d\d-\d\d|\w+\(s\)|1 (?:pages|files|images|entries|events|documents|items|results|types|people)"
    r"|%\(\w+\)[sd]|\{\w*\}|&\w+;"
    r")(?![\w/-])",
    re.I,
)


def words_on(content):
    """Return the text of a screen, including tooltips, placeholders and names for screen readers."""
    if not content.strip():
        return ""
    tree = html.document_fromstring(content)
    for part in tree.xpath(NOT_READ):
        part.drop_tree()
    return " ".join(" ".join(tree.xpath(READ)).split())


def foreign_words(words):
    """Return the words of developers in a text, each with those around it."""
    return [words[max(found.start() - 40, 0) : found.end() + 40] for found in OF_DEVELOPERS.finditer(words)]
