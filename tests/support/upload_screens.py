"""Steps that several tests take on the screens for uploads."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from home.models import SiteImage


def upload(file, name="Minutes of May.pdf"):
    content = file if isinstance(file, bytes) else file.read()
    return SimpleUploadedFile(name, content)


def drop(client, noun, file):
    """Return the response to one file dropped on the screen for many."""
    return client.post(reverse(f"wagtail{noun}:add_multiple"), {"files[]": file}).json()


def add_document(client, file, title="Minutes", **fields):
    return client.post(reverse("wagtaildocs:add"), {"title": title, "file": file, "kept_file": ""} | fields)


def choose(client, noun, file, **fields):
    """Upload a file in the chooser of a page's form."""
    prefix = {"images": "image", "docs": "document"}[noun] + "-chooser-upload-"
    described = {"description": "The council", "people": "nobody"}
    sent = {"title": "Council", "file": file, "kept_file": ""} | described | fields
    address = reverse(f"wagtail{noun}_chooser:create")
    return client.post(address, {prefix + name: value for name, value in sent.items()}).content.decode()


def edit(client, thing, **fields):
    noun = "images" if isinstance(thing, SiteImage) else "docs"
    described = {"description": "People at City Hall", "people": "nobody"}
    sent = {"title": thing.title, "kept_file": ""} | described | fields
    return client.post(reverse(f"wagtail{noun}:edit", args=[thing.pk]), sent)
