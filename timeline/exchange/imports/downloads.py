"""Pictures and files of other sites, brought into the library when an editor asked for it."""

import time
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from home.external_links import fetching
from home.external_links.fetching import FetchError, Reason
from home.models import SiteDocument, SiteImage

__all__ = ["Downloads"]

# Bytes of one file and of all in one import, which are held in memory until it is done.
LARGEST = 10 * 1024 * 1024
LARGEST_TOGETHER = 200 * 1024 * 1024
# Files in one import, and seconds after which no other one is begun.
MOST = 100
LONGEST = 60


def fetch(url):
    """
    The bytes of a file of another site.

    :raises FetchError: if it is not there, not public, too large or too slow.
    """
    answer = fetching.fetch(url, largest=LARGEST)
    if answer.status != 200:
        raise FetchError(Reason.GONE)
    return answer.content


class Downloads:
    """
    The pictures and files of other sites that an import wants.

    At first it only notes what is `wanted`. After `fetch_all` it makes pictures and files of the library of
    what came, by the same checks as an upload; what did not come is in `problems`.
    """

    def __init__(self, user=None):
        self.user = user
        # A dictionary, in which an address is found at once.
        self.wanted = {}
        self.contents = {}
        self.problems = {}
        self.made = []

    def fetch_all(self):
        end = time.monotonic() + LONGEST
        room = LARGEST_TOGETHER
        for number, url in enumerate(self.wanted):
            try:
                if number >= MOST:
                    self.problems[url] = _("No more than %(most)s files are downloaded in one import.") % {
                        "most": MOST
                    }
                    continue
                if time.monotonic() > end:
                    raise FetchError(Reason.SLOW)
                if room <= 0:
                    raise FetchError(Reason.LARGE)
                self.contents[url] = fetch(url)
                room -= len(self.contents[url])
            except FetchError as error:
                self.problems[url] = str(error)
        self.wanted = {}

    def will_come(self, url):
        """Whether there is hope for it."""
        return url not in self.problems

    def image(self, url, title, alt, decorative, credit, fetched_from):
        """The SiteImage of an address, saved; None if it is not here yet or never will be."""
        fields = {"title": title or name_of(url), "description": alt, "credit": credit, "tags": ""}
        if decorative:
            fields["is_decorative"] = "on"
        image = self._made(get_image_form(SiteImage), SiteImage(), url, fields)
        if image:
            image.fetched_from = fetched_from
            image.save()
        return image

    def document(self, url, title):
        """The SiteDocument of an address, saved; None if it is not here yet or never will be."""
        return self._made(
            get_document_form(SiteDocument), SiteDocument(), url, {"title": title or name_of(url), "tags": ""}
        )

    def _made(self, form_class, instance, url, fields):
        if url in self.problems:
            return None
        if url not in self.contents:
            self.wanted[url] = True
            return None
        instance.uploaded_by_user = self.user
        fields["collection"] = Collection.get_first_root_node().pk
        file = SimpleUploadedFile(name_of(url), self.contents[url])
        form = form_class(fields, {"file": file}, instance=instance, user=self.user)
        form.is_typed = False
        if not form.is_valid():
            self.problems[url] = " ".join(
                message for messages in form.errors.values() for message in messages
            )
            return None
        self.made.append(form.save())
        return self.made[-1]

    def discard(self):
        """Delete what was made."""
        for thing in self.made:
            thing.delete()


def name_of(url):
    return unquote(PurePosixPath(urlsplit(url).path).name) or "file"
