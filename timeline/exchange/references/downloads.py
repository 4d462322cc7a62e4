"""Images and files of other sites, downloaded into the library when an editor asks for it."""

import time
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AbstractUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import ModelForm
from django.utils.translation import gettext as _
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from home.external_links import fetching
from home.external_links.fetching import FetchError, Reason
from home.models import SiteDocument, SiteImage

# Bytes of one file, and of all files of an import together: they stay in memory until the import is done.
LARGEST = 10 * 1024 * 1024
LARGEST_TOGETHER = 200 * 1024 * 1024
# Files in one import, and seconds after which no other download starts.
MOST = 100
LONGEST = 60


def fetch(url: str) -> bytes:
    """Return the bytes of a file of another site, or raise FetchError."""
    answer = fetching.fetch(url, largest=LARGEST)
    if answer.status != 200:
        raise FetchError(Reason.GONE)
    return answer.content


class Downloads:
    """
    Images and files of other sites that an import needs.

    Before `fetch_all`, asking for a file only adds its address to `wanted`. Afterwards it makes an image or
    file of the library, with the same checks as an upload. `problems` says why a file is not available.
    """

    def __init__(self, user: AbstractUser | None = None) -> None:
        self.user = user
        # A dictionary keeps the order and finds an address quickly.
        self.wanted: dict[str, bool] = {}
        self.contents: dict[str, bytes] = {}
        self.problems: dict[str, str] = {}
        self.made: list[SiteImage | SiteDocument] = []

    def fetch_all(self) -> None:
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

    def may_come(self, url: str) -> bool:
        """Return whether the file at this address is here or may still be downloaded."""
        return url not in self.problems

    def image(
        self,
        url: str,
        title: str,
        alt: str,
        decorative: bool,
        credit: str,
        fetched_from: str,
        alt_in: Any = None,
    ) -> SiteImage | None:
        """Return the image at an address, saved, or None if it isn't downloaded."""
        fields = {"title": title or name_of(url), "description": alt, "credit": credit, "tags": ""}
        if isinstance(alt_in, dict):
            # Fields of languages that the site doesn't have are ignored.
            fields |= {f"descriptions_{code}": str(words) for code, words in alt_in.items()}
        if decorative:
            fields["is_decorative"] = "on"
        image = self.make(get_image_form(SiteImage), SiteImage(), url, fields)
        if image:
            image.fetched_from = fetched_from
            image.save()
        return image

    def document(self, url: str, title: str) -> SiteDocument | None:
        fields = {"title": title or name_of(url), "tags": ""}
        return self.make(get_document_form(SiteDocument), SiteDocument(), url, fields)

    def make(self, form_class: type[ModelForm], instance: Any, url: str, fields: dict[str, Any]) -> Any:
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

    def discard(self) -> None:
        for made in self.made:
            made.delete()


def name_of(url: str) -> str:
    return unquote(PurePosixPath(urlsplit(url).path).name) or "file"
