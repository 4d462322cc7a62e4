"""The project's modules, and the imports between them."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Each app may import those after it, never those before.
ORDER = ["leadwatch", "search", "timeline", "concerns", "home"]
# A model, module or view in a string.
NAME = re.compile(rf"({'|'.join(ORDER)})[.:][\w.:-]+")


@cache
def paths():
    """Return the file of each module of the apps, without migrations, by its dotted name."""
    return {
        name_of(path): path
        for app in ORDER
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
    }


def name_of(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(source, known):
    """Yield the name of each known module that a source imports, with the line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = {
                full if (full := f"{node.module}.{alias.name}") in known else node.module
                for alias in node.names
            }
        else:
            continue
        for name in names:
            if name in known:
                yield name, node.lineno


def names_in_strings(source):
    """Yield each app that a string in the source names, such as "app.Model" or "app:view", with the line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            app = node.value.replace(":", ".").partition(".")[0]
            if (
                app in ORDER
                and node.value.replace(":", ".").replace(".", "").isidentifier()
                and app != node.value
            ):
                yield app, node.lineno
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            function = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if function == "call_command" and (app := commands().get(node.args[0].value)):
                yield app, node.lineno


@cache
def commands():
    """Return the app of each management command of the project."""
    return {
        path.stem: app for app in ORDER for path in (ROOT / app / "management" / "commands").glob("[!_]*.py")
    }


def folder(name):
    """Return the room of a module: its folder, or the module itself if it lies directly in an app."""
    parent = name if paths()[name].name == "__init__.py" else name.rpartition(".")[0]
    return parent if "." in parent else name


def circle(arrows):
    """
    Return nodes that lead to each other in a circle, or an empty list.

    :param arrows: the targets of each node.
    """
    done, trail = set(), []

    def visit(node):
        if node in trail:
            return trail[trail.index(node) :]
        if node in done:
            return []
        trail.append(node)
        for target in sorted(arrows.get(node, ())):
            if found := visit(target):
                return found
        trail.pop()
        done.add(node)
        return []

    for node in sorted(arrows):
        if found := visit(node):
            return found
    return []
