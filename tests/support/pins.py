"""
The pinned packages. `python -m tests.support.pins` prints how their versions differ from the last commit.
"""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILES = ("requirements.txt", "requirements-scale.txt", "requirements-dev.txt", "requirements-next.txt")
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9,-]+\])?==([^\s;]+)", re.MULTILINE)


def pins(text):
    """Return the pinned versions of a requirements file by the names of the packages."""
    return dict(PIN.findall(text))


def differences(old, new):
    """Yield a line for each package whose version differs."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, "not installed"), new.get(name, "not installed")
        if before != after:
            yield f"{name}: {before} -> {after}"


def main():
    for file in ("requirements-dev.txt", "requirements-next.txt"):
        committed = subprocess.run(
            ["git", "show", f"HEAD:{file}"], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
        lines = list(differences(pins(committed), pins((ROOT / file).read_text())))
        print(f"Changes in {file}:", *(lines or ["none"]), sep="\n  ")


if __name__ == "__main__":
    main()
