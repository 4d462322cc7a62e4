"""Files for contributors agree with what they describe."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def anchors(path):
    """Return the anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document):
    broken = []
    for target, anchor in LINK.findall(FENCED.sub("", document.read_text())):
        path = document.parent / target if target else document
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            broken.append(f"{target}#{anchor}")
    assert not broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_documents_name_exist(document):
    spans = re.findall(r"`(\w[\w./-]*/[\w-]+\.[\w.]+)`", FENCED.sub("", document.read_text()))
    ours = [
        span for span in spans if (ROOT / span.partition("/")[0]).is_dir() and not span.startswith("var/")
    ]
    assert [span for span in ours if not (ROOT / span).exists()] == []


def lint_commands():
    """Return the commands of `make lint`, each up to its first file argument."""
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)[1]
    recipe = recipe.replace("$(VENV)", ".venv/bin").replace("$(MANAGE)", ".venv/bin/python manage.py")
    return {re.split(r" (?:\.|templates)(?: |$)", line)[0] for line in re.findall(r"^\t@(.*)$", recipe, re.M)}


def test_the_pre_commit_hooks_are_the_checks_of_make_lint():
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local", "A hook from elsewhere needs the network"
    entries = {hook["entry"].replace(" --force-exclude", "") for hook in repository["hooks"]}
    assert entries == lint_commands()


def test_make_keeps_bytecode_where_the_environment_switches_it_off():
    command = ["make", "--no-print-directory", '--eval=shown: ; @echo "($$PYTHONDONTWRITEBYTECODE)"', "shown"]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    shown = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert shown.stdout == "()\n"


def test_the_security_policy_names_the_contact_of_security_txt(client):
    text = client.get("/.well-known/security.txt").content.decode()
    (contact,) = re.findall(r"^Contact: https?://[^/]+(/\S*)$", text, re.MULTILINE)
    policy = (ROOT / "SECURITY.md").read_text()
    assert f"`{contact}`" in policy
    assert "`/.well-known/security.txt`" in policy
    assert "within 48 hours" in policy
    assert "within 7 days" in policy


def test_the_license_is_named_where_tools_look_for_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "BSD-3-Clause"
    assert "BSD 3-Clause License" in (ROOT / "LICENSE").read_text()
