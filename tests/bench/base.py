"""
The sites of the benchmark: one with the starter content and the pages of tests.bench.site_pages, and copies.

To migrate and fill a site takes a minute, to copy it a moment.
"""

import shutil
import sqlite3
from contextlib import closing
from functools import cache
from urllib.parse import urlsplit

from tests.support.served import ServedSite


class Copy(ServedSite):
    """A copy of another site with its own address and other environment variables."""

    def __init__(self, other, **environment):
        # The cache contains the address of the other site.
        options = {"symlinks": True, "dirs_exist_ok": True, "ignore": shutil.ignore_patterns("cache")}
        super().__init__(copy=lambda site: shutil.copytree(other.folder, site.folder, **options))
        self.environment |= environment
        address = urlsplit(self.environment["BASE_URL"])
        port = address.port or (443 if address.scheme == "https" else 80)
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database, database:
            database.execute("UPDATE wagtailcore_site SET hostname = ?, port = ?", (address.hostname, port))


class Base(ServedSite):
    """The site that others are copies of."""

    def __init__(self):
        super().__init__()
        self.made = []
        self.manage("load_starter_content", "--verbosity", "0")
        self.fill("tests.bench.site_pages")

    @cache  # noqa: B019 (there is one site)
    def with_events(self, count):
        """Return a copy whose timeline has more events, as editors leave them."""
        self.made.append(site := Copy(self))
        site.fill("tests.bench.admin", count)
        return site

    def close(self):
        for site in self.made:
            site.close()
        super().close()
