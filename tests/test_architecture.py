"""Rules for the repository: which app may import which, how large things are, and where they belong."""

import ast
import json
import re
from collections import Counter
from statistics import median

import pytest

from tests.support.modules import ORDER, ROOT, circle, folder, imports, names_in_strings, paths

# Names of a higher app in a lower one: pages that editors can choose in a block, and the search page that the
# home page describes to search engines.
UPWARD = {
    ("home.blocks.links", "timeline"),
    ("home.blocks.links", "concerns"),
    ("home.models.home", "search"),
}


# Packages that read or write files. Few requests need them, and they would take 20 MiB of each process.
FOR_FILES = {"docx", "icalendar", "mammoth", "openpyxl", "pillow_heif", "pypdf", "pypdfium2", "warcio"}


def app_of(name):
    return name.partition(".")[0]


def is_upward(name, app):
    return ORDER.index(app) < ORDER.index(app_of(name))


def test_an_app_imports_only_apps_below_it():
    found = [
        f"{name}:{line} imports {other}"
        for name, path in paths().items()
        for other, line in imports(path.read_text(), paths())
        if is_upward(name, app_of(other))
    ]
    assert found == []


def test_an_app_names_only_apps_below_it_in_strings():
    found = {
        (name, app)
        for name, path in paths().items()
        for app, _line in names_in_strings(path.read_text())
        if is_upward(name, app)
    }
    assert found == UPWARD


@pytest.mark.parametrize(
    ("source", "app"),
    [
        ('page_type = "timeline.EventPage"', "timeline"),
        ('reverse("search:search")', "search"),
        ('call_command("update_index_of_nothing")\ncall_command("load_starter_content")', "leadwatch"),
        ('import_string("home.models.User")', "home"),
    ],
)
def test_a_name_in_a_string_is_found(source, app):
    assert {found for found, _line in names_in_strings(source)} == {app}


def test_an_import_is_found():
    known = {"timeline.models": None, "home.dates": None, "home.dates.values": None}
    source = "from timeline.models import EventPage\nfrom home.dates import values, parse"
    assert sorted(imports(source, known)) == [
        ("home.dates", 2),
        ("home.dates.values", 2),
        ("timeline.models", 1),
    ]


def test_no_modules_import_each_other_in_a_circle():
    arrows = {
        name: {other for other, _line in imports(path.read_text(), paths())} - {name}
        for name, path in paths().items()
    }
    assert circle(arrows) == []


def test_no_rooms_import_each_other_in_a_circle():
    arrows = {}
    for name, path in paths().items():
        targets = {folder(other) for other, _line in imports(path.read_text(), paths())}
        arrows.setdefault(folder(name), set()).update(targets - {folder(name)})
    assert circle(arrows) == []


def test_rooms_of_home_import_only_rooms_below_them():
    tree = (
        (ROOT / "docs" / "architecture.md").read_text().partition("\nhome/ ")[2].partition("\ntemplates/")[0]
    )
    order = re.findall(r"(?<=  )(\w+)/", re.sub(r"^ {4}.*\n", "", tree, flags=re.MULTILINE))
    assert len(order) > 12
    found = [
        f"{name} imports {other}"
        for name, path in paths().items()
        for other, _line in imports(path.read_text(), paths())
        if {"home"} == {app_of(name), app_of(other)}
        and (rooms := [name.split(".")[1:2], other.split(".")[1:2]])
        and all(room and room[0] in order for room in rooms)
        and order.index(rooms[1][0]) < order.index(rooms[0][0])
    ]
    assert found == []


def test_a_circle_is_found():
    assert circle({"a": {"b"}, "b": {"c", "d"}, "c": {"b"}}) == ["b", "c"]
    assert circle({"a": {"b", "c"}, "b": {"c"}}) == []


def test_modules_and_functions_are_small():
    lengths, long = [], []
    for name, path in paths().items():
        source = path.read_text()
        lengths.append(len(source.splitlines()))
        if lengths[-1] > 350:
            long.append(name)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno >= 50:
                long.append(f"{name}.{node.name}")
    assert long == []
    assert median(lengths) <= 80


def test_docstrings_start_with_a_verb_or_a_noun_phrase():
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    found = [
        f"{name}: {text.splitlines()[0]}"
        for name, path in paths().items()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, documented) and (text := ast.get_docstring(node))
        if re.match(r"(As|How|Those|What|Who|Whoever)\b", text)
    ]
    assert found == []


def test_a_package_for_files_is_imported_only_where_it_is_used():
    found = [
        f"{name} imports {module}"
        for name, path in paths().items()
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in [getattr(node, "module", None), *(alias.name for alias in node.names)]
        if app_of(module or "") in FOR_FILES
    ]
    assert found == []


def test_no_room_is_crowded():
    modules = Counter(path.parent.relative_to(ROOT).as_posix() for path in paths().values())
    assert {place: count for place, count in modules.items() if count > 16} == {}
    assert modules["home"] <= 14


def test_tests_import_helpers_only_from_support():
    found = []
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and re.search(
                r"\btests\b.*\b(test_\w+|conftest)$", node.module or ""
            ):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_only_for_visitors_decides_what_is_public():
    # Exceptions: what editors see, links on all live pages, and files of restricted pages for people who
    # passed the restriction.
    allowed = {"home/querysets.py", "home/models/link.py", "home/library.py"}
    found = {
        str(path.relative_to(ROOT))
        for app in ORDER
        for path in (ROOT / app).rglob("*.py")
        if "admin" not in path.relative_to(ROOT).parts
        and re.search(r"\.(?:live|public)\(\)", path.read_text())
    }
    assert found == allowed


def test_the_lock_file_of_node_packages_names_no_registry():
    lock = json.loads((ROOT / "tests" / "node" / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []


def test_the_top_level_contains_no_other_app():
    apps = {path.parent.name for path in ROOT.glob("*/apps.py")}
    assert apps <= set(ORDER)


def test_public_templates_are_pages_blocks_or_components():
    folders = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()}
    # Templates that override Wagtail's keep their names.
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


# Models whose changes invalidate the page cache.
SEEN = {
    *("concerns.concernindexpage", "concerns.concernpage", "concerns.concernsource"),
    *("home.contactformfield", "home.contactpage", "home.correction", "home.documentindexpage"),
    *("home.documentpage", "home.documentsource", "home.figure", "home.figuresource", "home.figurespage"),
    *("home.figurevalue", "home.filepage", "home.filetext", "home.glossarypage", "home.glossaryterm"),
    "home.homepage",
    *("home.overviewpage", "home.partnerindexpage", "home.partnerpage", "home.sitedocument"),
    *("home.siteimage", "home.siterendition", "home.sitesettings", "home.standardpage"),
    *("home.translation", "taggit.tag", "taggit.taggeditem", "timeline.embedsettings", "timeline.era"),
    *("timeline.eventcategory", "timeline.eventpage", "timeline.eventpage_concerns"),
    *("timeline.eventpage_partners", "timeline.eventsource", "timeline.formercategoryslug"),
    *("timeline.timelinepage", "wagtailcore.collection", "wagtailcore.collectionviewrestriction"),
    *("wagtailcore.collectionviewrestriction_groups", "wagtailcore.locale", "wagtailcore.page"),
    *("wagtailcore.pageviewrestriction", "wagtailcore.pageviewrestriction_groups", "wagtailcore.site"),
    *("home.keptcopy", "home.withheldversion", "wagtailredirects.redirect"),
}


def test_each_model_is_known_to_be_visible_or_not():
    """Add a new model to SEEN if a public page shows anything of it, else to `UNSEEN`."""
    from leadwatch.page_cache.versions import seen_models

    assert {model._meta.label_lower for model in seen_models()} == SEEN
