"""The starter content fills a new site, and leaves any other site alone."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import Collection, Locale, Page, PageLogEntry, Revision, Site

from concerns.models import ConcernPage
from home.models import (
    ContactPage,
    DocumentPage,
    Figure,
    GlossaryTerm,
    HomePage,
    PartnerPage,
    SiteSettings,
    StandardPage,
)
from leadwatch.starter_content import loader
from leadwatch.starter_content.reading import DataError
from search.models import Entry
from timeline.models import EventCategory, EventPage, TimelinePage

pytestmark = pytest.mark.django_db


def load():
    """Run the command and return its output."""
    output = StringIO()
    call_command("load_starter_content", stdout=output)
    return output.getvalue()


def counts():
    """Count everything that the command makes."""
    models = (Page, Revision, PageLogEntry, Figure, GlossaryTerm, EventCategory, Locale, Site, Group)
    return {model: model.objects.count() for model in models}


def test_the_whole_tree_is_created():
    output = load()
    at_least = {
        EventPage: 18,
        ConcernPage: 5,
        PartnerPage: 4,
        DocumentPage: 5,
        StandardPage: 4,
        GlossaryTerm: 11,
        Figure: 5,
        EventCategory: 6,
    }
    for model, count in at_least.items():
        assert model.objects.filter(live=True).count() >= count, model
    assert set(Locale.objects.values_list("language_code", flat=True)) == {"en", "es"}
    assert "45 pages" in output


def test_every_page_shows_its_text(starter_content, client):
    for page in Page.objects.filter(depth__gt=1).specific():
        html = client.get(page.url).content.decode()
        assert getattr(page, "headline", page.title).replace("'", "&#x27;") in html, page
        main = re.search(r"<main.*</main>", html, re.DOTALL)[0]
        assert "page:" not in main, page
        assert "source:" not in main, page
        for anchor in re.findall(r'href="#([^"]+)"', main):
            assert f'id="{anchor}"' in html, (page, anchor)
        for block in getattr(page, "body", ()):
            assert block.render().strip(), (page, block.block_type)


def test_articles_have_a_body_with_citations(starter_content):
    for concern in ConcernPage.objects.all():
        kinds = {block.block_type for block in concern.body}
        assert {"heading", "text", "question"} <= kinds, concern
        assert "#source-" in str(concern.body.raw_data[:]), concern
    assert any(block.block_type == "quote" for concern in ConcernPage.objects.all() for block in concern.body)


def test_the_menu_has_the_main_sections_in_order(starter_content):
    menu = HomePage.objects.get().get_children().in_menu().values_list("slug", flat=True)
    assert list(menu) == [
        *("about", "concerns", "timeline", "documents", "figures", "glossary", "partners", "contact")
    ]


def test_pages_are_published_with_their_history_and_can_be_searched(starter_content):
    for page in Page.objects.filter(depth__gt=1):
        assert page.live, page
        assert not page.has_unpublished_changes, page
        assert page.first_published_at, page
        assert page.latest_revision_id == page.live_revision_id, page
        assert page.locale.language_code == "en", page
    assert EventPage.objects.search("Cornell").count() >= 1
    assert ConcernPage.objects.search("backpedaling").count() == 1


def test_the_index_is_that_of_a_rebuild(starter_content):
    def index():
        entries = Entry.objects.values_list(
            "content_type", "object_id", "locale", "is_public", "page", "anchor", "date", "text__title"
        )
        return set(entries)

    made_at_once = index()
    assert len(made_at_once) > 60
    Entry.objects.all().delete()
    call_command("update_index", verbosity=0)
    assert index() == made_at_once


def test_the_contact_page_asks_for_one_thing_and_offers_the_rest(starter_content, client):
    page = ContactPage.objects.get()
    questions = [(each.label, each.field_type, each.required) for each in page.form_fields.all()]
    assert questions == [
        ("Your message", "multiline", True),
        ("What is it about?", "radio", False),
        ("How can we reach you?", "singleline", False),
    ]
    assert page.keep_days == 90
    offered = re.findall(r'<input type="radio"[^>]*>', client.get(page.url).content.decode())
    assert [re.search('value="(.*?)"', choice)[1] for choice in offered] == [
        "A question or an opinion",
        "I was offered LEAD",
        "Keep me informed",
        "I want to help",
    ]
    assert not [choice for choice in offered if "checked" in choice]


def test_the_site_has_our_home_page_our_name_and_the_address_of_base_url(starter_content, settings):
    site = Site.objects.get()
    assert site.root_page.specific == HomePage.objects.get()
    assert site.site_name == "New Haven LEAD Watch"
    assert not Page.objects.filter(title__startswith="Welcome to your new Wagtail").exists()
    assert SiteSettings.load().footer_text
    assert Page.get_first_root_node().title == "All pages"
    assert Collection.get_first_root_node().name == "Library"
    settings.BASE_URL = "https://leadwatch.example.org"
    load()
    assert Site.objects.values_list("hostname", "port").get() == ("leadwatch.example.org", 443)


def test_the_address_of_another_site_is_left_alone(starter_content, settings):
    Site.objects.create(hostname="other.example.org", port=443, root_page=HomePage.objects.get())
    settings.BASE_URL = "https://other.example.org"
    load()
    assert Site.objects.get(is_default_site=True).hostname != "other.example.org"


def test_a_second_run_changes_nothing(starter_content):
    before = counts()
    assert load() == "Starter content: created nothing, left 45 pages alone.\n"
    assert counts() == before


def test_changes_by_editors_stay(starter_content):
    concern = ConcernPage.objects.get(slug="fit")
    concern.title, concern.slug, concern.body = "Changed", "changed", []
    concern.save_revision().publish()
    timeline = TimelinePage.objects.get()
    timeline.unpublish()
    load()
    concern.refresh_from_db()
    timeline.refresh_from_db()
    assert (concern.title, concern.slug, len(concern.body), timeline.live) == ("Changed", "changed", 0, False)
    assert ConcernPage.objects.count() == 5


def test_pages_deleted_by_editors_do_not_come_back(starter_content):
    EventPage.objects.get(slug="sex-work-stings").delete()
    GlossaryTerm.objects.get(slug="mou").delete()
    load()
    assert not EventPage.objects.filter(slug="sex-work-stings").exists()
    assert not GlossaryTerm.objects.filter(slug="mou").exists()


def test_a_deleted_home_page_does_not_come_back(starter_content):
    HomePage.objects.get().delete()
    assert "created nothing" in load()
    assert not HomePage.objects.exists()


def test_an_error_in_the_data_changes_nothing(monkeypatch):
    def fail(home):
        raise DataError("glossary.yaml, x: the key 'y' is not known.")

    before = counts()
    monkeypatch.setattr(loader, "set_up_groups", fail)
    with pytest.raises(DataError):
        load()
    assert counts() == before


def test_changes_of_permissions_stay(starter_content):
    editors, contributors = Group.objects.get(name="Editors"), Group.objects.get(name="Contributors")
    editors.permissions.add(Permission.objects.get(codename="delete_glossaryterm"))
    editors.page_permissions.all().delete()
    contributors.delete()
    load()
    assert editors.permissions.filter(codename="delete_glossaryterm").exists()
    assert not editors.page_permissions.exists()
    assert not Group.objects.filter(name="Contributors").exists()
