"""What `make node` fetches: programs and lists that tests ask, and that the site itself does without."""

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "node" / "node_modules"


def needs(package):
    """The mark of tests that are skipped without a package; where REQUIRE_NODE is set, it must be there."""
    is_here = (FOLDER / package).exists()
    if not is_here and os.environ.get("REQUIRE_NODE"):
        raise pytest.UsageError(f"{package} is needed for its tests: make node")
    return pytest.mark.skipif(not is_here, reason=f"no {package}: make node")
