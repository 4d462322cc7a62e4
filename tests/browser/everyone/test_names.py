"""Everything has an accessible name, and screen readers know its language."""

import re

import pytest

from tests.support.everyone.places import AWKWARD, OPEN, PLACES, go

pytestmark = pytest.mark.browser

# Chromium's roles that need a name.
NAMED = {
    *("button", "checkbox", "combobox", "dialog", "DisclosureTriangle", "Iframe", "image", "link", "listbox"),
    *("menuitem", "navigation", "option", "PopUpButton", "radio", "region", "search", "searchbox"),
    *("spinbutton", "tab", "textbox"),
}
WITHOUT_ALT = "() => [...document.querySelectorAll('img:not([alt])')].map(each => each.outerHTML)"
# Return the links around the text of a page, in order, without those that differ by page: to its
# translation, to the pages above, and to the form that names it.
WAYS = """() => [...document.querySelectorAll(
    "a:not(main *, [hreflang], [aria-label='You are here'] *, .site-footer-wrong *)")]
  .map(link => `${link.textContent.trim()} ${link.getAttribute('href')}`)"""
# Return each text of an event with its language.
TEXTS = """() => {
  const texts = [];
  for (const event of document.querySelectorAll("article.event")) {
    const walker = document.createTreeWalker(event, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const text = node.data.trim().replace(/\\s+/g, " ");
      if (/[a-z]{2}/i.test(text)) texts.push([text, node.parentElement.closest("[lang]").lang]);
    }
  }
  return texts;
}"""

# The kind and size of a file are the same in Spanish.
FILE_FACTS = re.compile(r"\([A-Z]+, [\d.]+ [KM]B\)")


def nodes_of(page):
    """Return a page's accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [node for node in nodes if not node["ignored"]]


def test_controls_images_and_landmarks_have_names(page, everything, subtests):
    for name, where in (PLACES | AWKWARD).items():
        with subtests.test(place=name):
            go(page, everything, where)
            page.evaluate(OPEN)
            nodes = [node for node in nodes_of(page) if node["role"]["value"] in NAMED]
            assert nodes
            nameless = [node for node in nodes if not node.get("name", {}).get("value", "").strip()]
            assert [node["role"]["value"] for node in nameless] == []
            assert page.evaluate(WITHOUT_ALT) == []


def test_every_page_has_a_unique_title_and_a_language(page, everything, subtests):
    titles = {}
    for name, where in PLACES.items():
        go(page, everything, where)
        in_spanish = page.url.startswith(f"{everything}/es/") or "lang=es" in page.url
        with subtests.test(place=name):
            assert page.evaluate("document.documentElement.lang") == ("es" if in_spanish else "en")
            assert page.title().strip()
            # Pages with query parameters and the frame share the title of their page.
            address = page.url.partition("?")[0].removesuffix("embed/")
            # A frame in Spanish has the title of the Spanish page.
            if in_spanish and not address.startswith(f"{everything}/es/"):
                address = address.replace(everything, f"{everything}/es", 1)
            assert titles.setdefault(page.title(), address) == address


def test_untranslated_text_states_its_language(page, everything):
    page.goto(f"{everything}/timeline/embed/")
    texts = {text for text, _language in page.evaluate(TEXTS) if not FILE_FACTS.fullmatch(text)}
    page.goto(f"{everything}/timeline/embed/?lang=es")
    untranslated = [(text, language) for text, language in page.evaluate(TEXTS) if text in texts]
    assert len(untranslated) > 50
    assert [text for text, language in untranslated if language != "en"] == []


def test_navigation_and_contact_links_are_the_same_on_every_page(page, everything, subtests):
    page.goto(everything)
    ways = page.evaluate(WAYS)
    assert any("/contact/" in way for way in ways)
    for name, where in PLACES.items():
        # A framed page has no such links, a Spanish page has others, and an error page can't look them up.
        if "embed" in name or "Spanish" in name or "an error" in name:
            continue
        with subtests.test(place=name):
            go(page, everything, where)
            assert page.evaluate(WAYS) == ways
