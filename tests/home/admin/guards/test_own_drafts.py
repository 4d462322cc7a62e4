"""Figures, numbers and terms of contributors wait for review, as their pages do."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import TaskState

from home.models import Figure, GlossaryTerm
from tests.support import factories
from tests.support.people import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


def signed_in(group):
    client = Client()
    client.user = member(group)
    client.force_login(client.user)
    return client


@pytest.fixture
def cora():
    return signed_in("Contributors")


@pytest.fixture
def mona():
    return signed_in("Moderators")


def address(name, thing, *more):
    start = f"wagtailsnippets_{thing._meta.app_label}_{thing._meta.model_name}"
    return reverse(f"{start}:{name}", args=[thing.pk, *more] if thing.pk else [])


def term_fields(**fields):
    return {"term": "Diversion", "slug": "diversion", "aliases": "", "definition": "Another way."} | fields


def add_term(client, **fields):
    client.post(address("add", GlossaryTerm()), term_fields(**fields) | {"action-submit": "1"})
    return GlossaryTerm.objects.order_by("pk").last()


def approve(client, thing):
    task = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    return client.post(address("workflow_action", thing, "approve", task.pk), follow=True)


def test_a_new_term_is_public_once_a_moderator_approves_it(client, cora, mona):
    glossary = factories.make_glossary().url
    term = add_term(cora)
    assert term.workflow_in_progress
    assert "1 submission waits for your review." in mona.get("/admin/").text
    assert "Diversion" not in client.get(glossary).text
    # Until then, only reviewers change it.
    assert cora.get(address("edit", term)).context["locked_for_user"]
    approve(mona, term)
    assert "Diversion" in client.get(glossary).text
    assert cora.get(address("edit", term)).status_code == 302


def test_a_moderator_asks_for_changes_of_a_term(cora, mona):
    term = add_term(cora)
    task = TaskState.objects.get()
    comment = {"workflow-action-extra-data": "{}", "comment": "Say more."}
    mona.post(address("workflow_action", term, "reject", task.pk), comment)
    words = "asked for changes. “Say more.”"
    assert words in cora.get("/admin/").text
    assert words in cora.get(address("edit", term)).text


@pytest.mark.parametrize("name", ["edit", "history", "copy", "usage", "workflow_history", "delete"])
def test_drafts_of_others_stay_closed(cora, mona, name):
    term = add_term(mona, definition="Words of somebody else")
    assert cora.get(address(name, term)).status_code == 302
    assert "Diversion" not in cora.get(address("list", GlossaryTerm())).text
    found = [client.get(address("list", GlossaryTerm()), {"q": "divers"}).text for client in (cora, mona)]
    assert ["Diversion" in text for text in found] == [False, True]


def test_what_somebody_else_has_taken_meanwhile_is_not_published(cora, mona):
    factories.make_glossary()
    term = add_term(cora)
    GlossaryTerm.objects.filter(pk=term.pk).update(slug="renamed")
    factories.make_term(term="Another", slug="diversion")
    response = approve(mona, term)
    assert "“Diversion” cannot be published yet. Open it and fix: Short name in the address." in response.text
    term.refresh_from_db()
    assert not term.live


def test_a_draft_of_a_category_cannot_be_chosen_for_an_event(mona):
    factories.make_category("draft-category", live=False)
    event = factories.make_event()
    form = mona.get(f"/admin/pages/{event.pk}/edit/").context["form"]
    assert [category.slug for category in form.fields["category"].queryset] == [event.category.slug]


def numbers(value):
    rows = {"rows-TOTAL_FORMS": 1, "rows-INITIAL_FORMS": 1}
    return rows | {"period_start": "2019", "rows-0-group": "", "rows-0-value": value, "rows-0-was": ""}


def live_figure():
    figure = factories.make_figure(title="Arrests")
    figure.save_revision().publish()
    return Figure.objects.get(pk=figure.pk)


def test_new_numbers_are_public_once_a_moderator_approves_them(client, cora, mona):
    public, figure = factories.make_figures_page().url, live_figure()
    page = reverse("number_set", args=[figure.pk])
    form = cora.get(page).text
    assert "Submit for review" in form
    # Her draft begins here. The form of the figure is closed to her until then.
    assert "Open the figure" not in form
    response = cora.post(page, numbers("7,654") | {"submit": ""}, follow=True)
    assert "Arrests: The numbers wait for review." in response.text
    assert "7,654" not in client.get(public).text
    # Nobody else changes what is in review.
    editor = signed_in("Editors")
    assert editor.get(page).url == reverse("choose_figure")
    assert not Figure.objects.get().values.filter(value=7654).exists()
    approve(mona, figure)
    assert "7,654" in client.get(public).text


def test_numbers_are_not_added_to_a_draft_of_somebody_else(cora, mona):
    figure = live_figure()
    figure.description = "Words of somebody else"
    figure.save_revision(user=mona.user)
    page = reverse("number_set", args=[figure.pk])
    for response in (cora.get(page, follow=True), cora.post(page, numbers("7"), follow=True)):
        assert "Somebody is working on this figure." in response.text
        assert "Arrests" not in response.context["figures"].values_list("title", flat=True)
    assert Figure.objects.get().latest_revision.user == mona.user
