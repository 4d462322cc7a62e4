"""An editor who writes successive versions of a page of a served site, and which version is published."""

import json
import re
import sqlite3
import time

import psycopg
import urllib3
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

# SQL for each place in the database that contains the published version of a page.
PUBLISHED = {
    "title": "SELECT title FROM wagtailcore_page WHERE id = :page",
    "texts": "SELECT summary, place, body FROM timeline_eventpage WHERE page_ptr_id = :page",
    "sources": "SELECT title FROM timeline_eventsource WHERE owner_id = :page",
    "corrections": "SELECT text FROM home_correction WHERE page_id = :page",
    "revision": """
        SELECT content -> 'title', content -> 'body', content -> 'sources' FROM wagtailcore_revision revision
        JOIN wagtailcore_page page ON page.live_revision_id = revision.id WHERE page.id = :page
    """,
    "history": """
        SELECT content -> 'title' FROM wagtailcore_revision WHERE id = (
            SELECT revision_id FROM wagtailcore_pagelogentry
            WHERE page_id = :page AND action = 'wagtail.publish' ORDER BY id DESC LIMIT 1
        )
    """,
    "search": """
        SELECT title, summary, body FROM search_entrytext text
        JOIN search_entry entry ON entry.id = text.entry_id WHERE entry.page_id = :page AND entry.is_public
    """,
}
LATEST = """
    SELECT content, draft_title, has_unpublished_changes FROM wagtailcore_revision revision
    JOIN wagtailcore_page page ON page.latest_revision_id = revision.id WHERE page.id = :page
"""
# SQL for the IDs of the published rows in the editor's form.
ROWS = {
    "sources": "SELECT id FROM timeline_eventsource WHERE owner_id = :page",
    "corrections": "SELECT id FROM home_correction WHERE page_id = :page",
}
IN_REVIEW = """
    SELECT count(*) FROM wagtailcore_workflowstate
    WHERE object_id = CAST(:page AS text) AND status = 'in_progress'
"""
# The first is the one in English. The worker adds translations with the same slug.
PAGE = "SELECT id, url_path FROM wagtailcore_page WHERE slug = :slug ORDER BY id LIMIT 1"


def fill():
    """Make an event and its editor."""
    from home.models import Correction, User
    from tests.support import factories
    from timeline.models import EventSource

    User.objects.create_superuser("editor", password="a long password")
    factories.make_event(
        **dict.fromkeys(("title", "summary", "place"), "Version 0"),
        slug="event",
        body='[{"type": "text", "value": "<p>Version 0</p>"}]',
        sources=[EventSource(title="Version 0")],
        corrections=[Correction(text="Version 0", date="2020-01-01")],
    )


class Client:
    """
    Somebody who uses a served site, and looks into its database.

    :param address: the DATABASE_URL of a site on PostgreSQL.
    """

    def __init__(self, url, folder, address=""):
        self.url, self.cookies, self.is_postgres = url, {}, bool(address)
        self.database = (
            psycopg.connect(address, autocommit=True)
            if address
            else sqlite3.connect(
                folder / "db.sqlite3", isolation_level=None, timeout=60, check_same_thread=False
            )
        )
        self.http = urllib3.PoolManager(timeout=60)

    def ask(self, path, form=None, **headers):
        """Return the server's response, with the cookies of the user who signed in, if any."""
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        options = {"fields": form, "encode_multipart": False} if form is not None else {}
        if form is not None:
            headers |= {"X-CSRFToken": self.cookies["csrftoken"], "Referer": self.url}
        response = self.http.request(
            "POST" if form is not None else "GET",
            self.url + path,
            headers=headers,
            redirect=False,
            retries=False,
            **options,
        )
        assert response.status < 400, response.data.decode()
        for name, value in re.findall(
            r"(sessionid|csrftoken)=(\w+)", str(response.headers.getlist("Set-Cookie"))
        ):
            self.cookies[name] = value
        return response

    def read(self, path):
        """Return a page as visitors see it, bypassing the cache."""
        separator = "&" if "?" in path else "?"
        url = f"{self.url}{path}{separator}asked={time.time_ns()}"
        return self.http.request("GET", url, redirect=False, retries=False).data.decode()

    def sign_in(self, name="editor"):
        self.ask("/admin/login/")
        self.ask("/admin/login/", {"username": name, "password": "a long password"})
        assert "sessionid" in self.cookies

    def rows(self, question, **values):
        if self.is_postgres:
            question = re.sub(r":(\w+)", r"%(\1)s", question)
        return self.database.execute(question, values).fetchall()


def versions(*texts):
    """Return the numbers of the versions whose words appear in some texts."""
    return {int(number) for text in texts for number in re.findall(r"Version (\d+)", str(text))}


class Editor:
    """Writes successive versions of the page, with different words and numbers of sources."""

    def __init__(self, site, slug="event"):
        self.site, self.slug = site, slug
        ((self.page, _path),) = site.rows(PAGE, slug=slug)
        self.version = max(versions(*site.rows("SELECT title, draft_title FROM wagtailcore_page")))
        ((self.category,),) = site.rows("SELECT id FROM timeline_eventcategory LIMIT 1")
        ((self.timeline, _path),) = site.rows(PAGE, slug="timeline")

    def autosave(self):
        return self.edit(accept="application/json")

    def publish(self):
        if not self.is_in_review:
            self.edit(**{"action-submit": "1"})()
        return self.edit(**{"action-publish": "1"})

    def create(self):
        """Return the request that publishes a new page."""
        self.version += 1
        form = self.form(f"event-{self.version}", **{"action-publish": "1"})
        address = f"/admin/pages/add/timeline/eventpage/{self.timeline}/"
        return lambda **headers: self.site.ask(address, form, **headers)

    def edit(self, accept="text/html", **action):
        """Return the request that sends the next version."""
        self.version += 1
        form = self.form(self.slug, self.page, **action)
        address = f"/admin/pages/{self.page}/edit/"
        return lambda **headers: self.site.ask(address, form, Accept=accept, **headers)

    def form(self, slug, page=None, **action):
        words = f"Version {self.version}"
        block = {"key": "a", "type": "unstyled", "depth": 0, "text": words}
        text = {"blocks": [block | {"inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}
        source, correction = {"title": words}, {"text": words, "kind": "update", "date": "2020-01-01"}
        data = {
            **dict.fromkeys(("title", "summary", "place"), words),
            "slug": slug,
            "date": "2017",
            "category": str(self.category),
            "verification": "reported",
            "body": streamfield([("text", json.dumps(text))]),
            "sources": self.inline("sources", [source] * number_of_sources(self.version), page),
            "corrections": self.inline("corrections", [correction], page),
            "comments": inline_formset([]),
        }
        return nested_form_data(data) | action

    def inline(self, name, new, page):
        """Return form data that replaces the existing rows with new ones."""
        old = [{"id": str(pk), "DELETE": "on"} for pk in self.keys(name, page) if pk]
        return inline_formset([*old, *new], initial=len(old))

    def keys(self, name, page):
        """Return the IDs of the rows in the editor's form: those of the draft, or else the published ones."""
        for content, _title, is_draft in self.site.rows(LATEST, page=page):
            if is_draft:
                return [row["pk"] for row in as_json(content)[name]]
        return [pk for (pk,) in self.site.rows(ROWS[name], page=page)]

    @property
    def is_in_review(self):
        return self.site.rows(IN_REVIEW, page=self.page) == [(1,)]

    @property
    def draft(self):
        """Return the number of the version in the editor's form."""
        ((content, title, _is_draft),) = self.site.rows(LATEST, page=self.page)
        content = as_json(content)
        parts = [content[name] for name in ("title", "summary", "place", "body", "sources", "corrections")]
        assert all(versions(part) == versions(title) for part in parts), (title, parts)
        (number,) = versions(title)
        assert len(content["sources"]) == number_of_sources(number)
        return number


def as_json(value):
    """Return JSON from the database as an object. PostgreSQL's driver has already done so."""
    return json.loads(value) if isinstance(value, str) else value


def number_of_sources(version):
    return 1 + version % 2


def published(site, slug):
    """Return the number of the published version. All places must agree on it."""
    ((page, path),) = site.rows(PAGE, slug=slug)
    found = {name: site.rows(question, page=page) for name, question in PUBLISHED.items()}
    (number,) = versions(found["title"])
    assert all(rows and all(versions(*row) == {number} for row in rows) for rows in found.values()), found
    assert len(found["sources"]) == number_of_sources(number)
    # Without the slug of the home page.
    path = "/" + path.split("/", 2)[2]
    # The page also contains the neighbors' titles.
    others = site.rows("SELECT title FROM wagtailcore_page WHERE id != :page", page=page)
    assert versions(site.read(path)) - versions(*others) == {number}
    assert number in versions(site.read("/feed/"))
    assert path in site.read(f"/search/?q=%22Version+{number}%22")
    return number


def is_sound(site):
    """Return whether SQLite finds its database whole. PostgreSQL enforces what it would look for."""
    if site.is_postgres:
        return True
    return site.rows("PRAGMA integrity_check") == [("ok",)] and not site.rows("PRAGMA foreign_key_check")
