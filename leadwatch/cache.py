"""Public pages are the same for everybody, so each is made once after every change of content."""

import time
from functools import lru_cache

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from search.signals import DRAFT_FIELDS

VERSION_KEY = "content-version"
# Seconds after which a page is made again even if nothing changed.
LONGEST = 24 * 3600
# Seconds after which a change that was begun, and of whose end nobody told, counts as done.
SOON = 10
# What an upgrade may change: folders, and the files in them.
RELEASED = ("concerns", "home", "leadwatch", "search", "templates", "timeline")
SOURCES = {".css", ".html", ".js", ".mo", ".py", ".svg"}
# Models whose saving changes nothing that a visitor sees.
UNSEEN = {
    *(
        "basemodellogentry",
        "comment",
        "contactmessage",
        "externallink",
        "grouppagepermission",
        "modellogentry",
        "outgoingmail",
        "pagelogentry",
    ),
    *(
        "linkuse",
        "pagesubscription",
        "referenceindex",
        "revision",
        "taskstate",
        "uploadedfile",
        "user",
        "workflowstate",
    ),
}
SEEN_APPS = {
    *("concerns", "home", "taggit", "timeline", "wagtailcore", "wagtailredirects"),
    "wagtailsearchpromotions",
}


class PublicCacheMiddleware:
    """Keeps the answers to anonymous visitors until content changes, and at most a day."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_public(request):
            return self.get_response(request)
        # Of the version that stood when the page was begun, lest an old page be kept as a new one.
        key = f"page:{release()}:{content_version()}:{request.build_absolute_uri()}"
        if (response := cache.get(key)) is None:
            response = self.get_response(request)
            if is_lasting(response):
                cache.set(key, response, LONGEST)
        return response


def is_public(request):
    """Whether the answer cannot depend on who asks."""
    return request.method == "GET" and settings.SESSION_COOKIE_NAME not in request.COOKIES


def is_lasting(response):
    """Whether the answer may be given to the next visitor too."""
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not any(word in response.get("Cache-Control", "") for word in ("private", "no-store", "no-cache"))
    )


@lru_cache(maxsize=1)
def release():
    """
    A mark that is another one after every upgrade, since a page of before would name files that are gone: the
    time at which the newest file of the site's own was written, in nanoseconds.
    """
    folders = (settings.BASE_DIR / name for name in RELEASED)
    files = (path for folder in folders for path in folder.rglob("*") if path.suffix in SOURCES)
    return max(path.stat().st_mtime_ns for path in files)


def content_version():
    """A mark that is another one after every change of content."""
    return cache.get_or_set(VERSION_KEY, time.time_ns, timeout=None)


def forget_pages(timeout=None):
    """Let every page be made anew, and once more after `timeout` seconds, if any."""
    cache.set(VERSION_KEY, time.time_ns(), timeout)


def on_change(sender, update_fields=None, **kwargs):
    """Signal receiver: content changed, unless the model or the fields are none that a visitor sees."""
    unseen = sender._meta.model_name in UNSEEN or sender._meta.app_label not in SEEN_APPS
    if not unseen and not (update_fields and set(update_fields) <= DRAFT_FIELDS):
        # Who is killed just after the commit tells nobody.
        forget_pages(timeout=SOON)
        transaction.on_commit(forget_pages)


def watch_content():
    """Connect to the changes of content, in whichever process they are made."""
    for signal in (post_save, post_delete, m2m_changed):
        signal.connect(on_change, dispatch_uid="leadwatch.cache")
