"""
A sealed inbox leaves nothing readable on the disk: not in the database or its log of changes, the cache, the
site's output, its mails, temporary files or a backup.
"""

import re
import tarfile
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.support.copies import CopiedSite

# Plain before the inbox is sealed, sent to the sealed inbox, and sent while sealing fails.
BEFORE, AFTER, FAILED = "Plantedbefore7f3a", "Plantedafter7f3a", "Plantedfailed7f3a"


# The jobs of a night.
NIGHT = """
from django.core.management import call_command
call_command("scheduler", once=True)
call_command("scheduler", once=True)
call_command("backup")
"""


class Site(CopiedSite):
    def __init__(self, folder):
        (folder / "temporary").mkdir()
        super().__init__(folder, TMPDIR=str(folder / "temporary"), EMAIL_URL=f"filemail:///{folder}/mails")
        self.start()


@pytest.fixture
def site(copy_of_starter_content, copy_site):
    site = copy_site(Site)
    yield site
    site.stop()


def send(site, word):
    """Write to the site as a visitor without JavaScript. Return the status and the page."""
    html = urllib.request.urlopen(f"{site.url}/contact/").read().decode()
    (action,) = re.findall(r'action="(/contact-message/\d+/)"', html)
    fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]+)"', html))
    names = re.findall(r'<(?:textarea|input type="(?:text|email)")[^>]* name="(\w+)"', html)
    assert fields
    assert names
    time.sleep(3.5)  # The form takes nothing that was written faster.
    data = urllib.parse.urlencode(fields | {name: f"{word} {name} é" * 4 for name in names}).encode()
    try:
        with urllib.request.urlopen(f"{site.url}{action}", data) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def places_of(site, *words):
    """Return the files in which one of the words is readable, also those in archives."""
    found = set()
    for path in site.folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            if path.name.endswith(".tar.gz"):
                with tarfile.open(path) as archive:
                    members = [archive.extractfile(member) for member in archive if member.isfile()]
                    content = b"".join(member.read() for member in members)
                assert content
            if any(word.encode() in content or word.encode("utf-16-le") in content for word in words):
                found.add(path.name)
    return found


def test_nothing_that_a_visitor_wrote_is_readable_on_the_disk_of_a_sealed_site(site):
    assert send(site, BEFORE)[0] == 200
    assert places_of(site, BEFORE)  # The search finds what is plain.

    site.run("from tests.support.sealing import fill; fill()")
    assert places_of(site, BEFORE) == set()

    status, html = send(site, AFTER)
    assert (status, AFTER in html) == (200, False)
    site.run("from tests.support.sealing import fill; fill('age1damaged')")
    status, html = send(site, FAILED)
    assert (status, FAILED in html) == (503, True)

    site.run(NIGHT)
    assert "could not be sealed" in site.log.read_text()
    assert list(site.folder.glob("backups/*.tar.gz"))
    assert "New message" in "".join(path.read_text() for path in site.folder.glob("mails/*"))
    assert places_of(site, BEFORE, AFTER, FAILED) == set()
