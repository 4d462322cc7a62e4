"""The pinned packages: complete, with hashes, and from no particular server."""

import re
import tomllib

import pytest

from tests.support.pins import FILES, ROOT, differences, pins

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = {
    "requirements.txt": [],
    "requirements-scale.txt": ["scale"],
    "requirements-dev.txt": ["scale", "dev"],
    "requirements-next.txt": ["scale", "dev"],
}


def direct(extras):
    """Return the names of the direct dependencies with some extras."""
    wanted = [*PROJECT["dependencies"]]
    for name in extras:
        wanted += PROJECT["optional-dependencies"][name]
    return {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in wanted}


@pytest.mark.parametrize("file", FILES)
def test_each_direct_dependency_is_pinned(file):
    assert direct(EXTRAS[file]) <= pins((ROOT / file).read_text()).keys()


@pytest.mark.parametrize("file", FILES)
def test_each_package_is_pinned_with_hashes_and_names_no_server(file):
    text = (ROOT / file).read_text()
    requirements = [
        each for each in re.sub(r" *\\\n +", " ", text).splitlines() if not each.lstrip().startswith("#")
    ]
    assert len(requirements) == len(pins(text)) > 40
    assert [each for each in requirements if not re.search(r" --hash=sha256:[0-9a-f]{64}\b", each)] == []
    assert not re.search(r"://|@ |--(extra-)?index-url|--find-links|--trusted-host", text)


@pytest.mark.parametrize("file", FILES[:2])
def test_a_package_has_the_same_version_in_each_file(file):
    """Otherwise, the tests would not run with the packages of a production site."""
    tested = pins((ROOT / "requirements-dev.txt").read_text())
    here = pins((ROOT / file).read_text())
    assert {name: tested[name] for name in here} == here


def test_the_makefile_installs_only_packages_with_hashes():
    recipes = (ROOT / "Makefile").read_text()
    installs = re.findall(r"\binstall --quiet .*", recipes)
    assert len(installs) == 3
    assert all("--require-hashes" in line for line in installs)


def test_differences_between_versions_are_listed():
    old, new = (
        pins("wagtail==7.4.3 \\\n    --hash=x\nsix==1.0\nnh3==1\n"),
        pins("wagtail==7.4.4\nnh3==1\nuv==2"),
    )
    assert list(differences(old, new)) == [
        "six: 1.0 -> not installed",
        "uv: not installed -> 2",
        "wagtail: 7.4.3 -> 7.4.4",
    ]
