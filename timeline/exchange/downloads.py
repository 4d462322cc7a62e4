"""Pictures and files of other sites, brought into the library when an editor asked for it."""

import ipaddress
import socket
import time
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import urllib3
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from wagtail.documents.forms import get_document_form
from wagtail.images.forms import get_image_form
from wagtail.models import Collection

from home.models import SiteDocument, SiteImage

__all__ = ["DownloadError", "Downloads", "fetch"]

# Bytes of one file, seconds for one file, hops to it, and files in one import.
LARGEST = 10 * 1024 * 1024
LONGEST = 20
HOPS = 3
MOST = 100
REDIRECTS = {301, 302, 303, 307, 308}


class DownloadError(ValueError):
    """A file that was not brought in; `str()` says why, in words for the editor."""


def fetch(url):
    """
    The bytes at a public address.

    The name is looked up once and the connection goes to what was found, so that a name that changes its
    meaning in between leads nowhere else; each hop is looked at again.

    :raises DownloadError: if it is not there, not public, too large or too slow.
    """
    end = time.monotonic() + LONGEST
    for _hop in range(HOPS + 1):
        answer = ask(url, end)
        try:
            if answer.status not in REDIRECTS:
                return body_of(answer, end)
            url = urljoin(url, answer.headers.get("Location", ""))
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise DownloadError(_("The connection broke.")) from error
        finally:
            answer.close()
    raise DownloadError(_("It leads on and on."))


def ask(url, end):
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise DownloadError(_("This is no address of a file.")) from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise DownloadError(_("This is no address of a file."))
    options = {"timeout": urllib3.Timeout(total=max(end - time.monotonic(), 0.1)), "retries": False}
    address = public_address(parts.hostname, port)
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, port, server_hostname=parts.hostname, assert_hostname=parts.hostname, **options
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, **options)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    try:
        return pool.urlopen(
            "GET", target, headers={"Host": parts.netloc}, redirect=False, preload_content=False
        )
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise DownloadError(_("It does not answer.")) from error


def public_address(host, port):
    """One address of a host of which all addresses are public."""
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise DownloadError(_("There is no such site.")) from error
    if not found or not all(is_public(address) for address in found):
        raise DownloadError(_("It is not at a public address."))
    return found[0]


def is_public(address):
    address = ipaddress.ip_address(address.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_global and not address.is_multicast


def body_of(answer, end):
    if answer.status != 200:
        raise DownloadError(_("It is not there."))
    content = b""
    for piece in answer.stream(64 * 1024):
        content += piece
        if len(content) > LARGEST:
            raise DownloadError(_("It is larger than 10 MB."))
        if time.monotonic() > end:
            raise DownloadError(_("It takes too long."))
    return content


class Downloads:
    """
    What an import wants from other sites.

    At first it only notes what is `wanted`. After `fetch_all` it makes pictures and files of the library of
    what came, by the same checks as an upload; what did not come is in `problems`.
    """

    def __init__(self, user=None):
        self.user = user
        self.wanted = []
        self.contents = {}
        self.problems = {}
        self.made = []

    def fetch_all(self):
        for number, url in enumerate(self.wanted):
            try:
                if number >= MOST:
                    raise DownloadError(_("More than %(most)s at once are too many.") % {"most": MOST})
                self.contents[url] = fetch(url)
            except DownloadError as error:
                self.problems[url] = str(error)
        self.wanted = []

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
            if url not in self.wanted:
                self.wanted.append(url)
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
        """Delete the files of what was made, after the database has forgotten it."""
        for thing in self.made:
            thing.file.delete(save=False)


def name_of(url):
    return unquote(PurePosixPath(urlsplit(url).path).name) or "file"
