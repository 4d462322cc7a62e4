"""The page for a frame on a partner's page: what it holds, what it takes, and who may show it."""

import re

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import PageViewRestriction

from tests.support import factories
from timeline.models import EmbedSettings

pytestmark = pytest.mark.django_db


@pytest.fixture
def timeline():
    concern = factories.make_concern(slug="fit", title="Fit to New Haven")
    factories.make_event(title="Protest", slug="protest", date="2016-11-18", summary="People came.")
    factories.make_event(title="Launch", slug="launch", date="2017-11-29", concerns=[concern])
    factories.make_event(title="Report", slug="report", date="2020-01")
    return factories.make_timeline()


@pytest.fixture
def embed(client, timeline):
    """The page in the frame, for a query string."""
    return lambda query="": client.get(f"{timeline.url}embed/{query}")


def html_of(response):
    assert response.status_code == 200
    return response.content.decode()


def events_in(html):
    return re.findall(r'<article class="event[^"]*" id="event-([^"]+)"', html)


def directive(response, name):
    return re.search(rf"{name} ([^;]*)", response["Content-Security-Policy"])[1]


def test_every_event_can_be_read_without_a_script(embed):
    html = html_of(embed())
    assert events_in(html) == ["protest", "launch", "report"]
    assert "People came." in html
    assert "January 2020" in html
    assert "City and citizens discuss LEAD" in html
    assert "/timeline/protest/" in html


def test_it_names_the_site_and_leads_to_the_full_page(embed, timeline):
    html = html_of(embed())
    assert f'href="{timeline.full_url}">The whole timeline, at New Haven LEAD Watch' in html
    assert f'<link rel="canonical" href="{timeline.full_url}">' in html


def test_links_leave_the_frame_but_a_form_or_an_exit_button_is_not_in_it(embed):
    html = html_of(embed())
    assert '<base target="_blank">' in html
    assert "<form" not in html
    assert "Exit this page" not in html


@pytest.mark.parametrize(
    ("query", "events"),
    [
        ("?year=2017-2020", ["launch", "report"]),
        ("?concern=fit", ["launch"]),
        ("?order=newest", ["report", "launch", "protest"]),
        ("?limit=2", ["protest", "launch"]),
        ("?limit=1&order=newest", ["report"]),
        ("?layout=compact", ["protest", "launch", "report"]),
    ],
)
def test_it_takes_the_filters_a_limit_and_a_layout(embed, query, events):
    assert events_in(html_of(embed(query))) == events


def test_a_limit_says_what_it_leaves_out(embed):
    assert "2 of 3 events." in html_of(embed("?limit=2"))
    assert " of 3 events." not in html_of(embed("?limit=3"))


def test_the_compact_layout_is_dates_and_titles(embed):
    html = html_of(embed("?layout=compact"))
    assert "People came." not in html
    assert '<time datetime="2016-11-18">' in html


@pytest.mark.parametrize("level", [2, 3, 4])
def test_the_headings_go_down_from_the_level_asked_for_without_a_gap(embed, level):
    for layout in ("list", "compact"):
        html = html_of(embed(f"?heading={level}&layout={layout}"))
        assert re.findall(r"<h(\d)", html) == [str(level)] + [str(level + 1)] * 3


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_theme_is_on_the_page(embed, theme):
    assert f'data-theme="{theme}"' in html_of(embed(f"?theme={theme}"))


def test_an_accent_is_a_stylesheet_of_this_site(embed, client):
    address = re.search(r'href="(/accent-[^"]+)"', html_of(embed("?accent=%23FFEE00")))[1]
    response = client.get(address)
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert re.fullmatch(
        r":root \{ --accent: light-dark\(#[0-9a-f]{6}, #ffee00\); \}\n", response.content.decode()
    )
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_language_changes_the_words_around_the_events_and_not_the_events(embed):
    html = html_of(embed("?lang=es"))
    assert '<html lang="es"' in html
    assert "enero de 2020" in html.lower()
    assert re.search(r'class="event-title" lang="en"><a href="/timeline/protest/" dir="auto">Protest<', html)


def test_it_opens_at_an_event_by_an_address_that_every_browser_understands(embed, timeline):
    response = embed("?event=launch&theme=dark&limit=2")
    assert response.status_code == 302
    assert response["Location"] == f"{timeline.url}embed/?theme=dark&limit=2#event-launch"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("?theme=pink", "theme"),
        ("?layout=spiral", "layout"),
        ("?accent=red", "accent"),
        ("?accent=%22%3E%3Cscript%3E", "accent"),
        ("?limit=0", "limit"),
        ("?limit=-1", "limit"),
        ("?limit=99999999999", "limit"),
        ("?heading=1", "heading"),
        ("?lang=xx", "lang"),
        ("?event=report&limit=1", "event"),
        ("?category=never&category=policy", "category"),
        ("?--%3E%3Cscript%3E=1", "an unknown parameter"),
    ],
)
def test_what_means_nothing_falls_back_and_is_named_without_its_value(embed, query, name):
    html = html_of(embed(query))
    assert f"<!-- Not known here, and left out: {name} -->" in html
    assert len(events_in(html)) == (1 if query.endswith("limit=1") else 3)
    assert "<script>" not in html
    assert "never" not in html


def test_what_means_something_is_not_named(embed):
    assert "<!-- Not known" not in html_of(embed("?theme=dark&year=2016&accent=335577&heading=3&lang=en"))


def test_a_draft_or_private_event_is_not_in_it(embed):
    draft = factories.make_event(title="Only planned")
    draft.unpublish()
    private = factories.make_event(title="Only for us")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    html = html_of(embed())
    assert "Only planned" not in html
    assert "Only for us" not in html


def test_a_timeline_costs_the_same_with_more_events(embed, client, timeline, django_assert_max_num_queries):
    embed()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        embed()
    for number in range(12):
        factories.make_event(title=f"Another {number}")
    with CaptureQueriesContext(connection) as many:
        embed()
    assert len(many) == len(few) <= 20


def test_anybody_may_frame_it_until_an_editor_says_who(embed):
    response = embed()
    assert directive(response, "frame-ancestors") == "'self' *"
    assert directive(response, "form-action") == "'none'"
    assert "X-Frame-Options" not in response
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies


def test_an_editor_says_who_may_frame_it(embed):
    EmbedSettings.objects.create(
        framing="listed", origins="https://partner.example\nhttps://*.yale.example:8443"
    )
    response = embed()
    assert (
        directive(response, "frame-ancestors") == "'self' https://partner.example https://*.yale.example:8443"
    )


def test_what_a_browser_has_kept_is_stale_once_others_may_frame_it(embed, client, timeline):
    kept = embed()["ETag"]
    address = f"{timeline.url}embed/"
    assert client.get(address, headers={"If-None-Match": kept}).status_code == 304
    EmbedSettings.objects.update(framing="listed", origins="https://partner.example")
    assert client.get(address, headers={"If-None-Match": kept}).status_code == 200


def test_the_timeline_itself_is_framed_nowhere(client, timeline):
    response = client.get(timeline.url)
    assert directive(response, "frame-ancestors") == "'none'"
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    "origin",
    [
        "partner.example",
        "https://partner.example/page",
        "javascript:alert(1)",
        "https://",
        "*",
        "https://*",
        "https://a.example;script-src",
        "'unsafe-inline'",
        "data:",
    ],
)
def test_a_site_is_checked_as_it_is_typed(origin):
    with pytest.raises(ValidationError):
        EmbedSettings(framing="listed", origins=f"https://partner.example\n{origin}").full_clean()


def test_the_script_for_partners_stays_at_its_address(client):
    response = client.get("/embed.js")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(response.content) < 4000


def test_the_address_of_the_embed_is_reserved(timeline):
    from home.addresses.reserved import is_reserved

    assert is_reserved("embed", timeline)
