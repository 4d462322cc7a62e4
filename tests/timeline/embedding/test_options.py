"""The embed: its content, its options, and who may frame it."""

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
    """Return the response of the embed for a query string."""
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


def test_it_names_the_site_and_links_to_the_timeline(embed, timeline):
    html = html_of(embed())
    assert f'href="{timeline.full_url}">The whole timeline, at New Haven LEAD Watch' in html
    assert f'<link rel="canonical" href="{timeline.full_url}">' in html


def test_links_open_in_a_new_tab_and_there_is_no_form_or_exit_button(embed):
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
def test_filters_limit_and_layout_apply(embed, query, events):
    assert events_in(html_of(embed(query))) == events


def test_it_says_how_many_events_the_limit_leaves_out(embed):
    assert "2 of 3 events." in html_of(embed("?limit=2"))
    assert " of 3 events." not in html_of(embed("?limit=3"))


def test_the_compact_layout_shows_dates_and_titles(embed):
    html = html_of(embed("?layout=compact"))
    assert "People came." not in html
    assert '<time datetime="2016-11-18">' in html


@pytest.mark.parametrize("level", [2, 3, 4])
def test_headings_start_at_the_chosen_level_and_skip_none(embed, level):
    for layout in ("list", "compact"):
        html = html_of(embed(f"?heading={level}&layout={layout}"))
        assert re.findall(r"<h(\d)", html) == [str(level)] + [str(level + 1)] * 3


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_theme_applies(embed, theme):
    assert f'data-theme="{theme}"' in html_of(embed(f"?theme={theme}"))


def test_the_accent_is_in_a_stylesheet_of_this_site(embed, client):
    address = re.search(r'href="(/accent-[^"]+)"', html_of(embed("?accent=%23FFEE00")))[1]
    response = client.get(address)
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert re.fullmatch(
        r":root \{ --accent: light-dark\(#[0-9a-f]{6}, #ffee00\); \}\n", response.content.decode()
    )
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_the_language_applies_to_the_text_around_the_events_only(embed):
    html = html_of(embed("?lang=es"))
    assert '<html lang="es"' in html
    assert "enero de 2020" in html.lower()
    assert re.search(r'class="event-title" lang="en"><a href="/timeline/protest/" dir="auto">Protest<', html)


def test_it_scrolls_to_an_event_by_a_fragment(embed, timeline):
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
def test_invalid_values_are_replaced_by_defaults_and_only_their_names_are_shown(embed, query, name):
    html = html_of(embed(query))
    assert f"<!-- Not known here, and left out: {name} -->" in html
    assert len(events_in(html)) == (1 if query.endswith("limit=1") else 3)
    assert "<script>" not in html
    assert "never" not in html


def test_valid_options_are_not_reported(embed):
    assert "<!-- Not known" not in html_of(embed("?theme=dark&year=2016&accent=335577&heading=3&lang=en"))


def test_drafts_and_private_events_are_not_shown(embed):
    draft = factories.make_event(title="Only planned")
    draft.unpublish()
    private = factories.make_event(title="Only for us")
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    html = html_of(embed())
    assert "Only planned" not in html
    assert "Only for us" not in html


def test_the_number_of_queries_does_not_depend_on_the_events(
    embed, client, timeline, django_assert_max_num_queries
):
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


def test_every_site_may_frame_it_by_default(embed):
    response = embed()
    assert directive(response, "frame-ancestors") == "'self' *"
    assert directive(response, "form-action") == "'none'"
    assert "X-Frame-Options" not in response
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies


def test_editors_choose_who_may_frame_it(embed):
    EmbedSettings.objects.create(
        framing="listed", origins="https://partner.example\nhttps://*.yale.example:8443"
    )
    response = embed()
    assert (
        directive(response, "frame-ancestors") == "'self' https://partner.example https://*.yale.example:8443"
    )


def test_a_new_setting_makes_cached_pages_stale(embed, client, timeline):
    kept = embed()["ETag"]
    address = f"{timeline.url}embed/"
    assert client.get(address, headers={"If-None-Match": kept}).status_code == 304
    EmbedSettings.objects.update(framing="listed", origins="https://partner.example")
    assert client.get(address, headers={"If-None-Match": kept}).status_code == 200


def test_the_timeline_page_itself_cannot_be_framed(client, timeline):
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
def test_only_origins_are_valid_in_the_list_of_sites(origin):
    with pytest.raises(ValidationError):
        EmbedSettings(framing="listed", origins=f"https://partner.example\n{origin}").full_clean()


def test_the_script_for_partners_has_a_fixed_url(client):
    response = client.get("/embed.js")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(response.content) < 4000


def test_no_event_can_have_the_url_of_the_embed(timeline):
    from home.addresses.reserved import is_reserved

    assert is_reserved("embed", timeline)
