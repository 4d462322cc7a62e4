"""Rules about the repository: who may import whom, and where things are."""

import ast
import json
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


def test_what_is_public_is_asked_by_one_question():
    # What editors see is another matter. Links are checked on whatever is live, and who passed a restriction
    # is given the files of the page.
    asking = {"home/querysets.py", "home/models/link.py", "home/library.py"}
    found = {
        str(path.relative_to(ROOT))
        for app in ORDER
        for path in (ROOT / app).rglob("*.py")
        if "admin" not in path.relative_to(ROOT).parts
        and re.search(r"\.(?:live|public)\(\)", path.read_text())
    }
    assert found == asking


def test_the_lock_of_node_packages_names_no_registry():
    lock = json.loads((ROOT / "tests" / "node" / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


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


# The models whose changes make pages of the cache anew.
SEEN = {
    *("concerns.concernindexpage", "concerns.concernpage", "concerns.concernsource"),
    *("home.contactformfield", "home.contactpage", "home.correction", "home.documentindexpage"),
    *("home.documentpage", "home.documentsource", "home.figure", "home.figuresource", "home.figurespage"),
    *("home.figurevalue", "home.filetext", "home.glossarypage", "home.glossaryterm", "home.homepage"),
    *("home.overviewpage", "home.partnerindexpage", "home.partnerpage", "home.sitedocument"),
    *("home.siteimage", "home.siterendition", "home.sitesettings", "home.standardpage"),
    *("taggit.tag", "taggit.taggeditem", "timeline.embedsettings", "timeline.era"),
    *("timeline.eventcategory", "timeline.eventpage", "timeline.eventpage_concerns"),
    *("timeline.eventpage_partners", "timeline.eventsource", "timeline.formercategoryslug"),
    *("timeline.timelinepage", "wagtailcore.collection", "wagtailcore.collectionviewrestriction"),
    *("wagtailcore.collectionviewrestriction_groups", "wagtailcore.locale", "wagtailcore.page"),
    *("wagtailcore.pageviewrestriction", "wagtailcore.pageviewrestriction_groups", "wagtailcore.site"),
    "wagtailredirects.redirect",
}


def test_of_each_model_it_is_decided_whether_visitors_see_it():
    """A new model is named here if a public page shows anything of it, else in `UNSEEN`."""
    from leadwatch.page_cache.versions import seen_models

    assert {model._meta.label_lower for model in seen_models()} == SEEN
