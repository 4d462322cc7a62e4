"""Rules about the repository: who may import whom, and where things are."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Each app may import those after it, never those before.
ORDER = ["leadwatch", "search", "timeline", "concerns", "home"]


def imported_apps(path):
    """The project's apps that a module imports, each with the line."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module]
        else:
            continue
        for name in names:
            if (app := name.partition(".")[0]) in ORDER:
                yield app, node.lineno


@pytest.mark.parametrize("app", ORDER)
def test_an_app_imports_only_what_stands_below_it(app):
    above = ORDER[: ORDER.index(app)]
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {other}"
        for path in (ROOT / app).rglob("*.py")
        for other, line in imported_apps(path)
        if other in above
    ]
    assert not found


def test_a_sibling_import_would_be_found(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("from timeline.models import EventPage")
    assert list(imported_apps(module)) == [("timeline", 1)]


def test_the_top_level_holds_no_other_app():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps <= set(ORDER)


def test_templates_are_pages_blocks_and_components_only():
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    # Templates of Wagtail that are adapted keep their own names.
    assert folders - {"wagtailadmin", "wagtailcore"} == {
        "home",
        "concerns",
        "timeline",
        "search",
        "blocks",
        "components",
    }


def test_no_template_has_inline_style_or_script():
    inline = re.compile(r"<style|<script>|\s(style|on[a-z]+)\s*=")
    for path in (ROOT / "templates").rglob("*.html"):
        assert not inline.search(path.read_text()), path
