"""The index follows every change at once, and nothing private is ever found."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, CollectionViewRestriction, Locale, Page, PageViewRestriction

from home.models import FileText, GlossaryTerm, PartnerPage
from search.index.entries import add
from search.index.texts import other_spellings
from search.models import Entry
from search.results.search import Search
from tests.support import factories
from timeline.models import EventPage

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def found(words, **parameters):
    """Return the URLs of the results."""
    query = QueryDict(mutable=True)
    query.update({"q": words} | parameters)
    search = Search(query, Locale.get_default())
    results = search.results(0, 100)
    assert search.total == len(results), "The number of results is correct"
    return [result.address for result in results]


def test_a_page_is_found_as_soon_as_it_is_published():
    event = factories.make_event(title="Protest", live=False)
    assert not found("protest")
    event.save_revision().publish()
    assert found("protest") == [f"{event.url}#event-{event.slug}"]


def test_changes_in_a_draft_are_not_found_before_it_is_published():
    event = factories.make_event(title="Protest")
    event.title = "Uproar"
    revision = event.save_revision()
    assert not found("uproar")
    revision.publish()
    assert found("uproar")
    assert not found("protest")


def test_an_unpublished_page_is_not_found():
    event = factories.make_event(title="Protest")
    event.unpublish()
    assert not found("protest")


def test_a_deleted_page_is_not_found():
    event = factories.make_event(title="Protest")
    Page.objects.get(pk=event.pk).delete()
    assert not found("protest")
    assert not Entry.objects.filter(object_id=event.pk).exists()


def test_pages_below_a_deleted_page_are_not_found():
    factories.make_event(title="Protest")
    Page.objects.get(pk=factories.make_timeline().pk).delete()
    assert not found("protest")


def test_a_restriction_hides_a_page_and_all_pages_below_it():
    factories.make_event(title="Protest")
    restriction = PageViewRestriction.objects.create(
        page=factories.make_timeline().page_ptr, restriction_type="login"
    )
    assert not found("protest")
    restriction.delete()
    assert found("protest")


def test_a_private_page_can_be_deleted():
    event = factories.make_event(title="Protest")
    PageViewRestriction.objects.create(page=event.page_ptr, restriction_type="login")
    Page.objects.get(pk=event.pk).delete()
    assert not Entry.objects.filter(object_id=event.pk).exists()


def test_a_page_that_is_moved_below_a_private_one_is_not_found():
    private = factories.make_standard_page()
    page = factories.make_standard_page(title="Protest")
    PageViewRestriction.objects.create(page=private.page_ptr, restriction_type="login")
    page.move(private, pos="last-child")
    assert not found("protest")
    Page.objects.get(pk=page.pk).move(factories.make_home(), pos="last-child")
    assert found("protest")


def test_a_moved_page_is_found_at_its_new_address():
    parent = factories.make_standard_page(slug="parent")
    page = factories.make_standard_page(title="Protest", slug="protest")
    page.move(parent, pos="last-child")
    assert found("protest") == ["/parent/protest/"]


def test_an_event_that_expires_is_not_found():
    event = factories.make_event(title="Protest")
    event.expire_at = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    event.save_revision().publish()
    call_command("publish_scheduled")
    assert not found("protest")


def test_a_term_is_found_at_its_anchor_in_the_glossary():
    term = factories.make_term(term="Fidelity", slug="fidelity")
    assert not found("fidelity"), "There is no glossary yet"
    glossary = factories.make_glossary()
    assert found("fidelity") == ["/glossary/#term-fidelity"]
    glossary.unpublish()
    assert not found("fidelity")
    glossary.save_revision().publish()
    GlossaryTerm.objects.get(pk=term.pk).unpublish()
    assert not found("fidelity")


def test_a_figure_is_found_by_its_numbers_and_groups():
    factories.make_figures_page()
    figure = factories.make_figure(title="Active cases", slug="cases")
    value = figure.values.first()
    value.group = "Downtown"
    figure.values = [value]
    figure.save()
    assert found("590 downtown") == ["/figures/#figure-cases"]


def test_an_event_is_found_by_its_related_objects():
    partner = factories.make_partner(title="Sex Workers and Allies Network", short_name="SWAN")
    event = factories.make_event(title="Protest", partners=[partner], place="City Hall")
    address = f"{event.url}#event-{event.slug}"
    for words in ("hall", "swan", "network", "policy", "yale daily news", "november 2017"):
        assert address in found(words), words


def test_an_event_is_not_found_by_a_draft_of_a_partner():
    partner = factories.make_partner(title="Harm Reduction Union", live=False)
    factories.make_event(title="Protest", partners=[partner])
    assert not found("union")
    partner.save_revision().publish()
    assert len(found("union")) == 2
    PartnerPage.objects.get(pk=partner.pk).unpublish()
    assert not found("union")
    partner.save_revision().publish()
    assert found("union")
    PartnerPage.objects.get(pk=partner.pk).delete()
    assert not found("union")


def test_saving_some_fields_of_a_page_does_not_publish_its_draft():
    event = factories.make_event(title="Protest")
    draft = EventPage.objects.get(pk=event.pk)
    draft.title = "Uproar"
    draft.save(update_fields=["expire_at", "latest_revision"])
    assert found("protest")
    assert not found("uproar")


def test_an_event_is_found_by_the_new_name_of_its_category():
    event = factories.make_event(title="Protest")
    event.category.name = "Demonstrations"
    event.category.save()
    assert found("demonstrations")


def test_a_long_event_is_found_by_all_its_months_and_years():
    factories.make_event(title="Talks", date="2017-11", end_date="2019-02")
    for words in ("november 2017", "2018", "june 2018", "feb 2019"):
        assert found(words), words
    assert not found("june", year="2020")


def test_a_figure_is_found_by_the_years_of_its_periods_only():
    factories.make_figures_page()
    factories.make_figure(title="Cases", values=[("2017-10", 1), ("2018-07", 2)])
    assert found("cases", year="2018")
    assert not found("cases", year="2019")


def test_aliases_of_a_term_are_synonyms():
    factories.make_glossary()
    factories.make_term(term="Policy Working Group", slug="group", aliases="PWG")
    minutes = factories.make_document(title="Minutes of the PWG")
    rules = factories.make_document(title="Rules of the Policy Working Group")
    for words in ("PWG", "policy working group"):
        assert {minutes.url, rules.url, "/glossary/#term-group"} == set(found(words)), words


@pytest.mark.parametrize(
    ("text", "spellings"),
    [
        ("of the Public Defender Association in Seattle", {"PDA"}),
        ("The Center for Health, Equity, and Justice", {"CHEJ", "CfHEaJ"}),
        ("the Department of Justice funds it", {"DoJ"}),
        ("a teach-in on pre-booking diversion", {"teachin", "prebooking"}),
        ("nothing of the kind", set()),
    ],
)
def test_acronyms_and_words_without_hyphens_are_other_spellings(text, spellings):
    assert set(other_spellings(text)) == spellings


@pytest.mark.parametrize("words", ["PDA", "teachin", "teach-in", "teach in"])
def test_other_spellings_are_found(words):
    factories.make_standard_page(title="Who", summary="The Public Defender Association held a teach-in.")
    assert found(words)


def test_the_text_of_a_file_is_found_only_while_the_file_is_public():
    file = factories.make_file(text=b"A quorum was present")
    document = factories.make_document(title="Minutes", file=file)
    assert found("quorum") == [document.url]
    collection = Collection.get_first_root_node().add_child(name="Private")
    file.collection = collection
    file.save()
    assert found("quorum") == [document.url]
    restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    assert not found("quorum")
    restriction.delete()
    assert found("quorum") == [document.url]


def test_the_text_of_a_replaced_file_is_not_found():
    file = factories.make_file(text=b"A quorum was present")
    document = factories.make_document(title="Minutes", file=file)
    # The state until a worker has read the new file.
    FileText.objects.filter(document=file).update(file_hash="of the file before")
    document.save()
    assert not found("quorum")
    FileText.objects.read(file)
    assert found("quorum") == [document.url]


def test_an_alias_is_not_found_in_addition_to_its_original():
    page = factories.make_standard_page(title="Protest")
    page.create_alias(update_slug="protest-again")
    assert found("protest") == [page.url]


def test_synonyms_may_contain_stopwords():
    factories.make_glossary()
    factories.make_term(term="MOU", slug="mou", aliases="memorandum of understanding")
    signed = factories.make_document(title="The MOU is signed")
    assert signed.url in found("memorandum of understanding")


def test_the_beginning_of_a_very_long_file_is_found():
    text = " ".join(f"word{number}" for number in range(200_000))
    document = factories.make_document(title="A book", file=factories.make_file(text=text.encode()))
    assert found("word7") == [document.url]


def test_the_index_can_be_rebuilt():
    event = factories.make_event(title="Protest")
    Entry.objects.all().delete()
    assert not found("protest")
    call_command("update_index", verbosity=0)
    assert found("protest") == [f"{event.url}#event-{event.slug}"]
    content_type = Entry.objects.get(page=event.pk).content_type
    Entry.objects.create(content_type=content_type, object_id=0)
    call_command("update_index", verbosity=0)
    assert not Entry.objects.filter(object_id=0).exists()


def test_migrate_fills_an_empty_index():
    factories.make_event(title="Protest")
    Entry.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert found("protest")


def test_saving_a_draft_does_not_change_the_index():
    event = factories.make_event(title="Protest")
    before = list(Entry.objects.order_by("pk").values())
    EventPage.objects.get(pk=event.pk).save_revision()
    assert list(Entry.objects.order_by("pk").values()) == before


def test_what_events_share_is_looked_up_once_for_many():
    partner = factories.make_partner()
    for _number in range(8):
        factories.make_event(partners=[partner])

    def queries_of(count):
        events = list(EventPage.get_indexed_objects()[:count])
        with CaptureQueriesContext(connection) as captured:
            add(EventPage, events)
        return len(captured)

    # Each event asks for its concerns, its partners, which of them are public, and its sources.
    assert queries_of(8) - queries_of(2) <= 6 * 4
