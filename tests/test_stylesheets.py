"""Rules for the public stylesheets: nothing unused, nothing out of place, no `!important`."""

import re
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest
import tinycss2
from django.forms.utils import ErrorDict, ErrorList
from tinycss2 import color4

from leadwatch.stylesheet import SOURCES

ROOT = Path(__file__).parent.parent
CSS = ROOT / "leadwatch" / "static" / "css"
SHEETS = {path.relative_to(CSS).as_posix(): path.read_text() for path in sorted(CSS.rglob("*.css"))}
COMPONENTS = [name for name in SHEETS if name.startswith("components/")]
TEMPLATES = [
    path.relative_to(ROOT / "templates")
    for path in sorted((ROOT / "templates").rglob("*.html"))
    # The admin has its own stylesheets.
    if "site_admin" not in path.parts and "wagtailadmin" not in path.parts
]
MARKUP = "\n".join((ROOT / "templates" / path).read_text() for path in TEMPLATES)
SCRIPTS = "\n".join(path.read_text() for path in (ROOT / "leadwatch" / "static" / "js").glob("*.js"))
PYTHON = "\n".join(
    path.read_text()
    for app in ("home", "concerns", "timeline", "search", "leadwatch")
    for path in (ROOT / app).rglob("*.py")
)
BLOCKS = {"() block", "[] block", "{} block", "function"}


# Reading stylesheets


def nodes_of(nodes):
    """Yield all rules and declarations of a stylesheet, including nested ones."""
    for node in nodes:
        yield node
        if getattr(node, "content", None) is not None:
            yield from nodes_of(tinycss2.parse_blocks_contents(node.content))


def tokens_of(tokens):
    """Yield tokens, including those in parentheses and brackets."""
    for token in tokens:
        yield token
        if token.type in BLOCKS:
            yield from tokens_of(token.arguments if token.type == "function" else token.content)


def parsed(text):
    return list(nodes_of(tinycss2.parse_stylesheet(text)))


def declarations(text):
    return [node for node in parsed(text) if node.type == "declaration"]


@dataclass(frozen=True)
class Selectors:
    """The classes and IDs of a stylesheet, and pairs of a data- attribute and a value or None."""

    classes: set
    ids: set
    data: set

    @classmethod
    def of(cls, text):
        found = cls(set(), set(), set())
        for node in parsed(text):
            if node.type == "qualified-rule":
                found.add(list(tokens_of(node.prelude)))
        return found

    def add(self, tokens):
        for token, after in zip(tokens, [*tokens[1:], None], strict=True):
            if token == "." and after.type == "ident":
                self.classes.add(after.value)
            elif token.type == "hash":
                self.ids.add(token.value)
            elif token.type == "[] block":
                names = [each.value for each in token.content if each.type in {"ident", "string"}]
                if names[0].startswith("data-"):
                    self.data.add((names[0], names[1] if names[1:] else None))


# Reading markup


ATTRIBUTE = r'\b{}="((?:{{%.*?%}}|{{{{.*?}}}}|[^"{{])*)"'


def values_of(attribute, markup=MARKUP):
    """
    Return the words in an attribute in all templates, as patterns: template code is an asterisk.

    A word that a condition splits is two words here, so its rule counts as unused.
    """
    words = set()
    for value in re.findall(ATTRIBUTE.format(attribute), markup):
        value = re.sub(r"\{\{.*?\}\}", "*", value)
        words.update(re.sub(r"\{%.*?%\}", " ", value).split())
    return words - {"*"}


def classes_in_use():
    """Return patterns of the classes in templates, scripts and Django's forms."""
    written = re.findall(r'className\s*[:=]\s*"([^"]+)"|classList\.\w+\("([^"]+)"', SCRIPTS)
    errors = f"{ErrorList(['']).as_ul()} {ErrorDict({'': ['']}).as_ul()}"
    return (
        values_of("class")
        | {word for pair in written for words in pair for word in words.split()}
        | values_of("class", errors)
    )


def data_in_use():
    """Return the data- attributes in templates and scripts."""
    written = re.findall(r"\.dataset\.(\w+)", SCRIPTS)
    in_markup = [re.sub("([A-Z])", r"-\1", name).lower() for name in written]
    return {*re.findall(r"\bdata-[a-z-]+", MARKUP + SCRIPTS), *(f"data-{name}" for name in in_markup)}


def is_value(word):
    """Return whether a word is used as a value: a choice of a field, or an attribute."""
    return f'"{word}"' in MARKUP + SCRIPTS + PYTHON


# The rules


def test_selectors_and_markup_are_parsed():
    sheet = """@layer a { @media print { .b:not(.c > #d) [data-e="f"], [data-g] { .h & { color: red } } } }"""
    found = Selectors.of(sheet)
    assert (found.classes, found.ids) == ({"b", "c", "h"}, {"d"})
    assert found.data == {("data-e", "f"), ("data-g", None)}
    template = """<p class="a{% if b == "c" %} d{% endif %} e-{{ f|default:"g" }}">{% image h class="i" %}"""
    assert values_of("class", template) == {"a", "d", "e-*", "i"}


@pytest.mark.parametrize("name", SHEETS)
def test_every_selector_selects_something(name):
    wanted, classes, ids = Selectors.of(SHEETS[name]), classes_in_use(), values_of("id")
    data = data_in_use()
    unused = [
        *(f".{each}" for each in wanted.classes if not any(fnmatch(each, used) for used in classes)),
        *(f"#{each}" for each in wanted.ids if not any(fnmatch(each, used) for used in ids)),
        *(
            f'[{each}="{value}"]' if value else f"[{each}]"
            for each, value in wanted.data
            if each not in data or (value and not is_value(value))
        ),
    ]
    assert sorted(unused) == []


@pytest.mark.parametrize("name", SHEETS)
def test_every_rule_is_in_a_layer(name):
    outside = [
        f"{name}:{node.source_line}"
        for node in tinycss2.parse_stylesheet(SHEETS[name], skip_comments=True, skip_whitespace=True)
        if node.type != "at-rule" or node.lower_at_keyword != "layer"
    ]
    assert outside == []


def test_only_utilities_are_important():
    important = [
        f"{name}:{node.source_line}"
        for name, text in SHEETS.items()
        for node in declarations(text)
        if node.important and name != "utilities.css"
    ]
    assert important == []


def test_every_color_is_a_token():
    """Print styles may redefine tokens. System colors, currentcolor and transparent are allowed."""
    literals = [
        f"{name}:{token.source_line} {token.serialize()}"
        for name, text in SHEETS.items()
        for node in declarations(text)
        if name != "tokens.css" and not (name == "print.css" and node.name.startswith("--"))
        for token in tokens_of(node.value)
        if is_color(token)
    ]
    assert literals == []


def is_color(token):
    if token.type == "ident" and token.lower_value == "transparent":
        return False
    return token.type in {"ident", "hash", "function"} and color4.parse_color(token) not in {
        None,
        "currentcolor",
    }


def test_every_token_is_used_and_every_used_property_is_defined():
    defined = {node.name for text in SHEETS.values() for node in declarations(text) if is_property(node.name)}
    tokens = {node.name for node in declarations(SHEETS["tokens.css"]) if is_property(node.name)}
    used = {
        token.value
        for text in SHEETS.values()
        for node in declarations(text)
        for token in tokens_of(node.value)
        if token.type == "ident" and is_property(token.value)
    }
    assert sorted(tokens - used) == []
    assert sorted(used - defined) == []


def is_property(name):
    return name.startswith("--")


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_named_after_what_it_styles(name):
    """Named after a template or the start of a class; otherwise, a comment at its top says what it is for."""
    stem, classes = Path(name).stem, Selectors.of(SHEETS[name]).classes
    templates = [ROOT / "templates" / path for path in TEMPLATES if path.stem == stem]
    is_beginning = any(word.startswith(stem.replace("_", "-")) for word in classes)
    is_template = any(classes & values_of("class", path.read_text()) for path in templates)
    says_why = re.match(r"/\*.*templates/", SHEETS[name]) is not None
    assert is_beginning or is_template or says_why


def test_every_stylesheet_is_served():
    served = {path.relative_to(CSS).as_posix() for pattern in SOURCES for path in CSS.glob(pattern)}
    assert served == SHEETS.keys()
