"""Node packages that `make node` installs for tests. The site itself doesn't need them."""

import os
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "node" / "node_modules"


def needs(package):
    """Return a mark that skips tests if a package is missing. With REQUIRE_NODE, the package is required."""
    is_installed = (FOLDER / package).exists()
    if not is_installed and os.environ.get("REQUIRE_NODE"):
        raise pytest.UsageError(f"These tests need {package}. Run make node.")
    return pytest.mark.skipif(not is_installed, reason=f"{package} is not installed (make node)")
