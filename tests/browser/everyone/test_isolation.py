"""
No page violates its Content-Security-Policy, contacts another site, or stores anything in the browser, and no
other site can frame one, except the timeline made for it.
"""

import re

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Page

from home.models import User
from tests.support.everyone.places import PLACES, go
from tests.support.routes import filled
from tests.support.waiting import wait_until

pytestmark = pytest.mark.browser

SCREENS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "mobile": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
}
# Record violations of the policy, also those that Chromium doesn't report to the console.
RECORD = """
window.violations = [];
addEventListener("securitypolicyviolation", event =>
  violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
STORED = """async () => [
  ...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie,
  ...(await indexedDB.databases()).map(each => each.name), ...(await caches.keys().catch(() => [])),
].filter(Boolean)"""


# More than the pages.
FRAMED = (
    *("/nothing/", "/contact/thanks/", "/timeline/share/", "/es/search/", "/search/?q=lead"),
    *("/admin/", "/admin/login/", "/_util/login/"),
)


@pytest.mark.parametrize("screen", SCREENS)
def test_pages_load_only_their_own_files_and_store_nothing(browser, everything, screen, subtests):
    context = browser.new_context(**SCREENS[screen])
    context.add_init_script(RECORD)
    page = context.new_page()
    elsewhere, cookies, complaints = [], [], []
    page.on("request", lambda request: request.url.startswith(everything) or elsewhere.append(request.url))
    page.on("response", lambda response: cookies.extend(response.headers_array()))
    page.on("console", lambda message: complaints.append(message.text))
    for name, where in PLACES.items():
        go(page, everything, where)
        with subtests.test(place=name):
            assert page.evaluate("violations") == []
            assert page.evaluate(STORED) == []
            assert [header["value"] for header in cookies if header["name"].lower() == "set-cookie"] == []
            assert [text for text in complaints if "Content Security Policy" in text] == []
            assert elsewhere == []
            assert context.cookies() == []
        for found in (elsewhere, cookies, complaints):
            found.clear()
    context.close()


def admin_screens(client, event):
    """Yield the paths of the screens without parameters, and of an event."""
    for path in filled("<>"):
        is_part = re.search(r"<>|logout|results|choose|chooser|/api/", path)
        if path.startswith("/admin/") and not is_part:
            response = client.get(path)
            if response.status_code == 200 and b"<html" in response.getvalue()[:200]:
                yield path
    for view in ("edit", "history", "usage", "copy", "delete"):
        yield f"/admin/pages/{event.pk}/{view}/"


def test_screens_of_the_admin_keep_to_its_policy(browser, everything, subtests):
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.create_superuser("administrator"))
    context = browser.new_context()
    context.add_init_script(RECORD)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": everything}])
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    screens = list(admin_screens(client, Page.objects.filter(slug="everything").first()))
    assert len(screens) > 33
    for path in screens:
        asked.clear()
        page.goto(everything + path)
        with subtests.test(path):
            assert page.url.startswith(everything + path)
            assert page.evaluate("violations") == []
            assert [url for url in asked if not url.startswith((everything, "blob:", "data:"))] == []
    context.close()


def test_other_sites_can_frame_nothing_but_the_timeline_made_for_it(browser, everything, partner):
    """Here with real frames; tests/leadwatch/test_middleware.py looks at the headers of every route."""
    pages = {page.get_url() for page in Page.objects.live().filter(depth__gt=1)} - {None}
    paths = sorted(pages | {*FRAMED})
    page = browser.new_page()
    for start in range(0, len(paths), 20):
        chosen = paths[start : start + 20]
        frames = "".join(f'<iframe src="{everything}{path}"></iframe>' for path in chosen)
        page.goto(partner.serve(frames, policy=""))
        # Playwright learns of a refusal a moment later.
        wait_until(lambda: page.evaluate("1") and all(frame.url for frame in page.frames[1:]))
        shown = dict(zip(chosen, [frame.url for frame in page.frames[1:]], strict=True))
        assert {path: url for path, url in shown.items() if not url.startswith("chrome-error:")} == {}
    page.goto(partner.serve(f'<iframe src="{everything}/timeline/embed/"></iframe>', policy=""))
    wait_until(lambda: page.frame_locator("iframe").get_by_role("article").count() > 3)
