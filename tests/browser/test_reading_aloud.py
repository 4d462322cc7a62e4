"""The timeline as a screen reader announces it."""

import re

import pytest

pytestmark = pytest.mark.browser

LINE = re.compile(
    r"""\s*-\ '?(?P<role>\w+) (\ "(?P<name>[^"]*)")? (\ \[level=(?P<level>\d)\])? [^:]* (:\ (?P<text>.+))?""",
    re.VERBOSE,
)
SENTENCE = re.compile(r"(?<=\.)\s")
# Roles that are announced. Containers of text are not.
HEARD = {"banner", "button", "complementary", "contentinfo", "group", "heading", "link", "main", "navigation"}
HEARD |= {"combobox", "region", "search"}

SCRIPT = """
link: Skip to the text
banner
link: Exit this page quickly
link: New Haven LEAD Watch
link: Emergency Exit this page
navigation: Main menu
link: Timeline
link: Concerns
link: Partners
link: Contact
search: Search this site
Words to search for
combobox: Words to search for
button: Search
navigation: You are here
link: Home
Timeline
main
heading 1: Timeline
A summary.
navigation: Events by year
link: 2016 1 event
link: 2017 1 event
group: Search and narrow the timeline
2 events
link: Show as a time axis
region: 2016
heading 2: 2016
November 18, 2016
heading 3: Protest at City Hall
link: Protest at City Hall
Policy
Reported
A summary.
Took part:
link: SWAN
Source:
City and citizens discuss LEAD, Yale Daily News.
region: 2017
heading 2: 2017
November 29, 2017
heading 3: The pilot launches
link: The pilot launches
Policy
Reported
A summary.
Concerns:
link: People are not diverted
Source:
City and citizens discuss LEAD, Yale Daily News.
complementary: Take these events with you
heading 2: Take these events with you
link: Show this timeline on your own site
With all sources, and free to use.
The feed and the calendar are updated automatically.
link: Table (CSV)
link: Table (Excel)
link: Calendar
link: Feed
link: JSON, also for TimelineJS
contentinfo
link: Something wrong on this page?
link: Cite this page
link: History of this page
heading 2: Who is behind this
“Exit this page”, or Shift three times, takes you to another site at once.
It does not erase your browser's history.
navigation: Check it yourself
heading 2: Check it yourself
link: All events as a table
link: Feed of all updates
navigation: About this site
heading 2: About this site
link: Partners
link: Contact
"""


def spoken(snapshot):
    """Return the lines of Playwright's ARIA snapshot as they are announced."""
    for line in snapshot.splitlines():
        if "- /url:" in line:
            continue
        found = LINE.match(line.replace('\\"', "“"))
        role = found["role"] + (f" {found['level']}" if found["level"] else "")
        words = found["name"] or (found["text"] or "").strip('"')
        if found["role"] in HEARD:
            yield f"{role}: {words}" if words else role
        elif words:
            yield from SENTENCE.split(words)


def test_the_timeline_reads_like_a_script(page, site):
    page.goto(f"{site}/timeline/")
    assert list(spoken(page.locator("body").aria_snapshot())) == SCRIPT.strip().splitlines()
