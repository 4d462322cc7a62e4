"""The bundle of age-encryption in the admin is what the locked packages give."""

import subprocess
from pathlib import Path

import pytest

from tests.support.packages import FOLDER, needs

BUNDLE = Path(__file__).parents[1] / "leadwatch" / "static" / "site_admin"

pytestmark = [needs("age-encryption"), needs("esbuild")]


@pytest.mark.parametrize("name", ["age.js", "age.LICENSES.txt"])
def test_the_bundle_is_made_of_the_locked_packages(tmp_path, name):
    subprocess.run(["node", FOLDER.parent / "age.mjs", tmp_path], check=True, capture_output=True)
    assert (tmp_path / name).read_text() == (BUNDLE / name).read_text(), (
        "Run: node tests/node/age.mjs leadwatch/static/site_admin"
    )
