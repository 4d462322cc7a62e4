"""
The vocabulary of schema.org, to validate structured data.

It is read from the TypeScript types that `schema-dts` generates from the vocabulary (`make node`).
"""

import re
from datetime import date, datetime
from functools import cache
from urllib.parse import urlsplit

from tests.support.packages import FOLDER

TYPES = FOLDER / "schema-dts" / "dist" / "schema.d.ts"

INTERFACE = re.compile(
    r"^(?:export )?interface (\w+?)(?:Base|Leaf) extends ([^{]+) \{\n(.*?)^\}", re.M | re.S
)
PROPERTY = re.compile(r'(?:/\*\*((?:(?!\*/).)*)\*/\s*)?"(\w+)"\?: SchemaValue<([^\n]+), "\w+">;', re.DOTALL)
UNION = re.compile(r"^export type (\w+) = (.+);$", re.MULTILINE)
# Placeholders for properties of an action, such as `query-input`.
TO_FILL_IN = ("-input", "-output")


class Vocabulary:
    """The types with their parents, and the properties with the types of their values."""

    def __init__(self):
        text = TYPES.read_text()
        self.parents, self.properties, self.superseded = {}, {}, set()
        for name, parents, body in INTERFACE.findall(text):
            found = {parent.removesuffix("Base") for parent in re.findall(r"\w+Base", parents)}
            self.parents.setdefault(name, set()).update(found - {name})
            for comment, key, values in PROPERTY.findall(body):
                self.properties.setdefault(name, {})[key] = set(re.findall(r"\w+", values))
                if "@deprecated" in comment:
                    self.superseded.add((name, key))
        self.unions = {name: set(types.split(" | ")) for name, types in UNION.findall(text)}

    def lineage(self, name):
        """Return a type and its ancestors."""
        return {name}.union(*(self.lineage(parent) for parent in self.parents[name]))

    def problems(self, thing, where=""):
        """Yield a description of each problem with a node and the nodes in it."""
        kind = thing.get("@type")
        where = f"{where}/{kind}"
        if kind not in self.parents:
            yield f"{where}: no such type"
            return
        for key, value in thing.items():
            if key.startswith("@"):
                continue
            if key.endswith(TO_FILL_IN) and "Action" in self.lineage(kind):
                key, value = key.rpartition("-")[0], None
            owner = next((each for each in self.lineage(kind) if key in self.properties.get(each, {})), None)
            if owner is None:
                yield f"{where}.{key}: no such property"
            elif (owner, key) in self.superseded:
                yield f"{where}.{key}: superseded"
            elif value is not None:
                allowed = self.properties[owner][key]
                for each in value if isinstance(value, list) else [value]:
                    yield from self.problems_of_value(each, allowed, f"{where}.{key}")

    def problems_of_value(self, value, allowed, where):
        if isinstance(value, dict) and set(value) != {"@id"}:
            yield from self.problems(value, where)
            if value.get("@type") in self.parents and not allowed & self.lineage(value["@type"]):
                yield f"{where}: a {value['@type']}, where {sorted(allowed)} may stand"
        elif not any(self.takes(kind, value) for kind in allowed):
            yield f"{where}: {value!r}, where {sorted(allowed)} may stand"

    def takes(self, kind, value):
        """Return whether a value that is not a node is of a type."""
        if isinstance(value, dict):
            return kind == "IdReference"
        if isinstance(value, bool):
            return kind == "Boolean"
        if isinstance(value, int | float):
            return kind in {"Number", "Integer", "Float"}
        if kind in CHECKS:
            return CHECKS[kind](value)
        # A member of an enumeration.
        return f'"{value}"' in self.unions.get(kind, ())


def is_read_by(read):
    def check(text):
        try:
            return bool(read(text))
        except ValueError:
            return False

    return check


CHECKS = {
    "Text": bool,
    "URL": lambda text: urlsplit(text).scheme in {"http", "https"} and bool(urlsplit(text).netloc),
    # A year or a month is a valid ISO 8601 date, too.
    "Date": is_read_by(lambda text: len(text) in {4, 7, 10} and date.fromisoformat(f"{text}-01-01"[:10])),
    "DateTime": is_read_by(lambda text: "T" in text and datetime.fromisoformat(text)),
}


@cache
def vocabulary():
    return Vocabulary()
