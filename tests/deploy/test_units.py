"""The units of systemd are valid, and each service may do little more than it needs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parents[2] / "deploy" / "units"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
pytestmark = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze")


def analyze(*words):
    return subprocess.run(["systemd-analyze", *map(str, words)], capture_output=True, text=True)


@pytest.fixture
def units(tmp_path):
    """Return the folder of the units as `deploy/install` writes them."""
    for path in UNITS.glob("leadwatch*"):
        tail = (UNITS / "every-service.conf").read_text() if path.suffix == ".service" else ""
        (tmp_path / path.name).write_text(path.read_text() + tail)
    return tmp_path


def test_systemd_accepts_every_unit(units):
    said = analyze("verify", *sorted(units.glob("leadwatch*")))
    assert (said.returncode, said.stdout + said.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_exposed_to_little(units, name):
    said = analyze("security", "--offline=true", "--no-pager", "--threshold=30", units / name)
    (exposure,) = re.findall(r"Overall exposure level.*: ([0-9.]+)", said.stdout)
    assert said.returncode == 0
    assert float(exposure) <= 3.0


def calls(group):
    """Return the system calls of a group of systemd's."""
    found = set()
    for name in re.findall(r"^    ([@\w]+)", analyze("syscall-filter", group).stdout, re.MULTILINE):
        found |= calls(name) if name.startswith("@") else {name}
    return found


def test_processes_that_read_files_may_limit_themselves(units):
    """`python -m home.files` gives itself less memory, time and priority."""
    filters = re.findall("^SystemCallFilter=(.*)", (units / "leadwatch.service").read_text(), re.MULTILINE)
    assert filters == ["@system-service", "~@privileged"]
    needed = {"execve", "kill", "prlimit64", "setpriority", "setrlimit", "setsid"}
    assert needed <= calls("@system-service") - calls("@privileged")


def test_the_target_starts_every_unit():
    wanted = re.search("^Wants=(.*)", (UNITS / "leadwatch.target").read_text(), re.MULTILINE)[1].split()
    others = {path.name for path in UNITS.glob("leadwatch*")} - {"leadwatch.target"}
    # The timer starts the backup.
    assert set(wanted) == others - {"leadwatch-backup.service"}
    for name in wanted:
        assert "PartOf=leadwatch.target" in (UNITS / name).read_text()
