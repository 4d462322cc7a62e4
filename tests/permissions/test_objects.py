"""
docs/permissions.md says who may read what of somebody else's, on whatever screen.

The screens are lists, searches, choosers, previews, exports and the API. Nobody reaches objects of others
through her own.
"""

import re

import pytest
from django.db import transaction
from wagtail.models import Page, Revision

from tests.support.permissions import requests, table
from tests.support.permissions.addresses import every_address
from tests.support.permissions.secrets import WORDS, SecretWorld

pytestmark = pytest.mark.django_db

HEADING = "## What is shown of other people's objects"
ROW = re.compile(r"\| (?P<what>[^`|]+) \| `(?P<who>[NCEMA·]{5})` \| (?P<where>.*?) ?\|")
TEXT = "The text and the sources of a draft"
# A word of the title of a draft, and one of its text, for the fields of all search forms.
TITLE_WORD, TEXT_WORD = SOUGHT = ("zebratitle", "zebratext")
SEARCH_FIELDS = ("q", "search", "title", "term", "query", "label")
API = [
    "api/main/pages/?fields=*&limit=50",
    "api/main/pages/?fields=*&type=timeline.EventPage",
    "api/main/pages/{draft}/?fields=*",
    "api/main/pages/?fields=summary,place,sources(title)&type=timeline.EventPage",
    "api/main/pages/{live}/?fields=*",
    "api/main/pages/?child_of={timeline}&fields=*",
    "api/main/pages/?for_explorer=1&child_of={timeline}&fields=*",
    "api/main/pages/?descendant_of={timeline}&order=-title",
    "api/main/pages/?translation_of={draft}&fields=*",
    "api/main/pages/?search=zebratitle",
    "api/main/pages/?search=zebratext",
    "api/main/pages/?slug=zebratitle&fields=*",
    "api/main/pages/?type=timeline.EventPage&summary=zebratext",
    "api/main/pages/?type=timeline.EventPage&place=zebratext",
    "api/main/pages/find/?html_path={path}",
    "api/main/images/?fields=*",
    "api/main/images/?search=zebra",
    "api/main/documents/?fields=*",
]


# URLs that name one of a person's own objects and one of somebody else's.
MIXED = [
    "pages/{own}/revisions/{revision}/view/",
    "pages/{own}/revisions/{revision}/revert/",
    "pages/{own}/revisions/{revision}/unschedule/",
    "pages/{own}/revisions/{live_revision}/view/",
    "pages/{own}/revisions/compare/{revision}...latest/",
    "pages/{own}/revisions/compare/live...{revision}/",
    "pages/{own}/workflow_history/detail/{state}/",
    "pages/workflow/preview/{own}/{task}/",
    "pages/workflow/action/{own}/approve/{task_state}/",
    "pages/workflow/action/{own}/reject/{task_state}/",
    "pages/workflow/collect_action_data/{own}/reject/{task_state}/",
    "editing-sessions/ping/wagtailcore/page/{draft}/{session}/",
    "snippets/home/figure/history/{figure}/revisions/{revision}/revert/",
    "snippets/home/figure/history/{figure}/revisions/compare/{revision}...latest/",
    "api/main/pages/{own}/action/revert_to_page_revision/",
]


# Where each kind of secret is to be seen. Those who may read most are tried only here and on lists.
SCREENS = [
    *("pages/{draft}/edit/", "pages/{live}/edit/", "pages/{draft}/revisions/compare/earliest...latest/"),
    *("pages/{private}/privacy/", "pages/{submitted}/workflow_history/detail/{state}/"),
    *("snippets/home/glossaryterm/edit/{term}/", "messages/{message}/", "event-exchange/{sent}/"),
    *("users/edit/{other}/", "unsent-mails/"),
]


def documented():
    """Return the letters of those who may read each kind of secret, according to the table."""
    rows = map(ROW.fullmatch, table.section(HEADING))
    return {row["what"]: row["who"].replace("·", "") for row in rows if row}


def readings(world, letter):
    """Yield each URL, what one of the people reads there, and the word that she looks for, if any."""
    for address in every_address():
        is_list = "<" not in address.path
        # The view of results is that of the list.
        is_results = address.name.endswith("results")
        if letter != "C" and (is_results or not is_list):
            continue
        url = address.url(world, letter)
        plain = read(world, letter, url, address.query_for(world, letter))
        yield url, plain, ""
        # Where all titles are shown anyway, it says nothing that one is found.
        for word in SOUGHT if is_list and letter == "C" and TITLE_WORD not in plain else ():
            looking = f"{url}?" + "&".join(f"{name}={word}" for name in SEARCH_FIELDS)
            yield looking, read(world, letter, looking), word
    for path in [*SCREENS, *API]:
        url = "/admin/" + path.format(**places(world))
        yield url, read(world, letter, url), TEXT_WORD if f"={TEXT_WORD}" in path else ""
    for page in Page.objects.filter(depth__gt=1):
        url = page.get_url() or "/"
        yield url, read(world, letter, url), ""


def places(world):
    names = ("draft", "live", "timeline", "private", "submitted", "term", "message", "sent", "other")
    keys = {name: getattr(world, name).pk for name in names}
    return keys | {"state": world.workflow_state.pk, "path": world.draft.get_url()}


def read(world, letter, url, query=None):
    # Some views write when they are opened, and one of them signs out.
    with transaction.atomic():
        response = world.client_of(letter).get(url, query)
        content = response.getvalue() if response.streaming else response.content
        transaction.set_rollback(True)
    return content.decode(errors="replace")


def test_each_person_reads_what_the_table_says():
    world = SecretWorld()
    expected, found, seen = documented(), [], {letter: set() for letter in "NCEMA"}
    assert expected.keys() == WORDS.keys()
    for letter in seen:
        hidden = {what for what in WORDS if letter not in expected[what]}
        for url, content, sought in readings(world, letter):
            shown = {what for what, word in WORDS.items() if word in content and word != sought}
            # Whoever finds the title by a word of the text knows that the word is in the text. The API
            # ignores what is looked for; tests/home/admin/guards/test_api_search.py checks it.
            if sought == TEXT_WORD and TITLE_WORD in content and "api/main" not in url:
                shown.add(TEXT)
            found += [f"{letter} reads {what} at {url}" for what in shown & hidden]
            seen[letter] |= shown
    read_by = {what: "".join(letter for letter in seen if what in seen[letter]) for what in WORDS}
    assert found == []
    assert read_by == expected


def test_nobody_reaches_an_object_through_another_one():
    world = SecretWorld()
    task_state = world.workflow_state.current_task_state
    revision = world.draft.latest_revision.pk
    for letter in "NC":
        own, client = world.own[letter], world.client_of(letter)
        for path in MIXED:
            url = "/admin/" + path.format(
                own=own["draft"].pk,
                session=own["session"].pk,
                draft=world.draft.pk,
                revision=revision,
                live_revision=world.live.latest_revision.pk,
                figure=world.figure.pk,
                state=world.workflow_state.pk,
                task=world.task.pk,
                task_state=task_state.pk,
            )
            for response in (client.get(url), client.post(url, {"revision_id": revision})):
                # Wagtail leads back from a page that is not in review.
                goes_back = response.get("Location") == f"/admin/pages/{own['draft'].pk}/edit/"
                is_refused = requests.is_refusal(response) or goes_back
                assert is_refused, f"{letter} {url}: {response.status_code}"
        assert "zebra" not in str(Revision.objects.for_instance(own["draft"]).values_list("content"))
    task_state.refresh_from_db()
    assert task_state.status == "in_progress"
