"""All the places a visitor may see: a page of every type, in each of its states."""

from functools import partial

from django.test import RequestFactory

from leadwatch.views import error_page
from tests.support import shots
from tests.support.everyone.content import COPY

# 1280 px at 400 % zoom, a tablet, and a desktop.
WIDTHS = (320, 768, 1440)


def send_an_empty_message(page, site):
    page.goto(f"{site}/contact/")
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_role("alert").wait_for()
    page.wait_for_load_state()


def ask_for_suggestions(page, site):
    page.goto(f"{site}/search/")
    # All at once: an answer for less of the word would be replaced while it is looked at.
    page.get_by_role("main").get_by_role("combobox").fill("lea")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def meet_an_error(page, site, status):
    broken = f"{site}/broken/"
    html = error_page(RequestFactory().get("/broken/"), status).content
    page.route(broken, lambda route: route.fulfill(status=status, content_type="text/html", body=html))
    page.goto(broken)
    page.unroute(broken)


def say_what_is_wrong(page, site):
    page.goto(f"{site}/timeline/final-report/")
    page.get_by_role("link", name="Something wrong on this page?").click()
    page.wait_for_url("**/about/*/")


# A path, or a function that leads to the place, by name.
PLACES = {
    "home": "/",
    "overview": "/about/",
    "concern index": "/concerns/",
    "concern": "/concerns/not-diverted/",
    "timeline": "/timeline/",
    "timeline, narrowed": "/timeline/?category=community&concern=city-role&partner=swan&year=2016-2020",
    "timeline, narrowed to nothing": "/timeline/?q=zebra",
    "timeline, asked for what it does not know": "/timeline/?q=zebra&year=soon&color=red",
    "timeline, as a picture": "/timeline/?layout=axis",
    "event": "/timeline/final-report/",
    "event, with all that one may have": "/timeline/everything/",
    "document with pages": "/documents/read-here/",
    "page of a document": "/documents/read-here/pages/2/?q=board",
    "event, its history": "/timeline/everything/history/",
    "event, what was changed": "/timeline/everything/history/2026-11-01/",
    "event, as it was": "/timeline/everything/?at=2026-10-01",
    "event, a version that is withheld": "/timeline/everything/?at=2026-10-10",
    "event, how to cite it": "/timeline/everything/cite/",
    "a copy of a source": f"/copies/{COPY}/",
    "document index": "/documents/",
    "document": "/documents/final-report/",
    "figures": "/figures/",
    "glossary": "/glossary/",
    "partner index": "/partners/",
    "partner": "/partners/swan/",
    "contact": "/contact/",
    "contact, not sent yet": send_an_empty_message,
    "contact, about a page": say_what_is_wrong,
    "contact, sent": "/contact/thanks/",
    "staying safe": "/staying-safe/",
    "privacy": "/privacy/",
    "accessibility": "/accessibility/",
    "corrections": "/corrections/",
    "every block": "/awkward-texts/blocks/",
    "search": "/search/",
    "search, with suggestions": ask_for_suggestions,
    "search, found": "/search/?q=lead",
    "search, the next page": "/search/?q=lead&page=2",
    "search, narrowed": "/search/?q=lead&kind=event&year=2016-2020",
    "search, mistyped": "/search/?q=asessment",
    "search, found in part": "/search/?q=protest+zebra",
    "search, not found": "/search/?q=zebra",
    "share": "/timeline/share/",
    "embed": "/timeline/embed/",
    "embed, short": "/timeline/embed/?layout=compact&theme=dark&limit=3",
    "embed, as a picture": "/timeline/embed/?layout=axis&accent=7a1f5c&theme=light",
    "embed, in another language": "/timeline/embed/?lang=es",
    "home in Spanish": "/es/",
    "timeline in Spanish": "/es/timeline/",
    "search in Spanish": "/es/search/?q=lead",
    "no such page": "/nothing/here/",
    "an error": partial(meet_an_error, status=500),
    "an error in what was sent": partial(meet_an_error, status=413),
}
# Pages that are hard to lay out. The crowded timeline is only long.
AWKWARD = {name: path for name, path in shots.AWKWARD.items() if "crowd" not in name}


def go(page, site, where):
    """Open one of PLACES."""
    if callable(where):
        where(page, site)
    else:
        page.goto(site + where)


# Expand all details, and lay out content that is deferred on long pages.
OPEN = """() => {
  for (const each of document.querySelectorAll("details")) each.open = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { content-visibility: visible !important }");
  document.adoptedStyleSheets = [sheet];
}"""


# Return the innermost elements that reach past the edge, so that people have to scroll sideways.
STICKING_OUT = """() => {
  if (document.scrollingElement.scrollWidth <= innerWidth) return [];
  const isScrolled = element => element !== document.body &&
    (getComputedStyle(element).overflowX !== "visible" || isScrolled(element.parentElement));
  const sticksOut = element =>
    element.getBoundingClientRect().right > innerWidth + 1 && !isScrolled(element.parentElement);
  return [...document.body.querySelectorAll("*")]
    .filter(element => sticksOut(element) && ![...element.children].some(sticksOut))
    .map(element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 120));
}"""


class Popover:
    """A popover or dialog that a button opens."""

    def __init__(self, button):
        self.button = button
        self.key = button.get_attribute("popovertarget") or button.get_attribute("commandfor")

    def open(self):
        self.button.click()

    def close(self):
        self.button.page.keyboard.press("Escape")


def popovers(page):
    """Return the popovers of all visible buttons."""
    return [Popover(button) for button in page.locator(":is([popovertarget], [commandfor]):visible").all()]
