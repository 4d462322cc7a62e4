"""`deploy/install` says what it would do, and refuses what can't be a site."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAME = "leadwatch.example.org"
STEPS = """\
New Haven LEAD Watch at https://leadwatch.example.org
- Make folders in {root}/srv/leadwatch for releases, data and backups
- Make the secrets in {root}/etc/leadwatch, which only the site can read
- Copy the code, install its packages, and make the database. This takes a few minutes.
- Add the command leadwatch, for what you do on the server
- Let systemd run the site, its tasks and a backup every night
- Keep logs for a week
- Make a certificate that is good enough to begin with
- Put nginx in front of the site
Nothing was changed.
"""


def install(*words, path=os.environ["PATH"]):
    command = [ROOT / "deploy" / "install", *words]
    return subprocess.run(command, capture_output=True, text=True, env={"PATH": path})


def test_a_dry_run_names_each_step_and_changes_nothing(tmp_path):
    said = install(NAME, "--dry-run", "--root", tmp_path)
    assert said.stderr == ""
    assert said.stdout == STEPS.format(root=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [0, 1])
def test_a_dry_run_names_the_program_that_reads_scans_unless_it_is_there(status, tmp_path):
    stand_in = tmp_path / "dpkg"
    stand_in.write_text(f"#!/bin/sh\nexit {status}\n")
    stand_in.chmod(0o755)
    said = install(NAME, "--dry-run", path=f"{tmp_path}:{os.environ['PATH']}")
    assert ("which is recommended: tesseract-ocr tesseract-ocr-eng tesseract-ocr-spa" in said.stdout) == bool(
        status
    )


def test_a_dry_run_on_this_machine_names_user_and_certificate():
    said = install(NAME, "--dry-run")
    assert "\n- Add the user leadwatch" in said.stdout
    assert "\n- Get a certificate from Let's Encrypt" in said.stdout
    assert "Let's Encrypt" not in install(NAME, "--dry-run", "--self-signed").stdout


@pytest.mark.parametrize(
    "name",
    [
        *("", "localhost", "https://leadwatch.example.org", "leadwatch.example.org/", "a b.org", "a..org"),
        *("Leadwatch.Example.org", "a.-b.org", "a-.org", "a.org;id", "a.org\nb", "*.example.org", "a_b.org"),
    ],
)
def test_a_wrong_name_is_refused_with_the_right_form(name, tmp_path):
    said = install(name, "--root", tmp_path)
    assert said.returncode == 1
    assert "full name in small letters" in said.stderr
    assert "Usage: sudo deploy/install NAME" in said.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--selfsigned", "-a.org"])
def test_an_unknown_option_is_refused(option, tmp_path):
    said = install(NAME, option, "--root", tmp_path)
    assert said.returncode == 1
    assert "--self-signed" in said.stderr
    assert list(tmp_path.iterdir()) == []
