"""The report of what is new, as text that editors copy into a newsletter."""

from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone
from wagtail.models import Locale, ModelLogEntry, Page

from home.models import GlossaryTerm
from tests.support import factories

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/reports/news/"
MARCH = {"first": "2026-03-01", "last": "2026-03-31"}


def at(*moment):
    return datetime(*moment, tzinfo=timezone.get_default_timezone())


def published(page, *moment):
    Page.objects.filter(pk=page.pk).update(first_published_at=at(*moment))
    return page


def read(client, **query):
    """Return the formatted and the plain text."""
    tree = BeautifulSoup(client.get(ADDRESS, query).content, "html.parser")
    return tree.find(id="news-rich"), tree.find("textarea").text


def test_the_text_has_what_became_public_in_these_days_and_nothing_else(moderator):
    inside = published(
        factories.make_event(title="The <first> & only", date="2016-10-25", summary="Why."), 2026, 3, 1
    )
    published(factories.make_document(title="The last minute"), 2026, 3, 31, 23, 59)
    published(factories.make_concern(title="Too early"), 2026, 2, 28, 23, 59)
    published(factories.make_concern(title="Too late"), 2026, 4, 1)
    published(factories.make_event(title="Withdrawn", live=False), 2026, 3, 2)
    secret = published(factories.make_standard_page(title="For members only"), 2026, 3, 3)
    secret.view_restrictions.create(restriction_type="login")
    inside.create_alias(update_slug="alias")
    rich, plain = read(moderator, **MARCH)
    assert [heading.text for heading in rich.find_all("h3")] == ["Documents", "Events"]
    assert [(link.text, link["href"]) for link in rich.find_all("a")][1:] == [
        ("The <first> & only", inside.full_url)
    ]
    assert len(rich.find_all("li")) == 2
    assert f"* The <first> & only (October 25, 2016)\n  Why.\n  {inside.full_url}\n" in plain
    assert "New on New Haven LEAD Watch, March 1, 2026 to March 31, 2026" in plain


def test_the_text_has_corrections_figures_and_terms(moderator):
    page = factories.make_standard_page(title="Who we are")
    page.corrections.create(kind="correction", date=date(2026, 3, 4), text="It was two, not three.")
    page.corrections.create(kind="update", date=date(2026, 4, 4), text="Later.")
    page.save_revision().publish()
    published(page, 2020, 1, 1)
    figures_page, glossary = factories.make_figures_page(), factories.make_glossary()
    figure, term = factories.make_figure(title="Arrests", slug="arrests"), factories.make_term(slug="lead")
    factories.make_figure(title="Untouched", slug="untouched")
    figure.save_revision().publish()
    ModelLogEntry.objects.update(timestamp=at(2026, 3, 5))
    GlossaryTerm.objects.update(first_published_at=at(2026, 3, 6))
    Page.objects.filter(pk__in=[figures_page.pk, glossary.pk]).update(first_published_at=at(2020, 1, 1))
    rich, plain = read(moderator, **MARCH)
    assert [link["href"] for link in rich.find_all("a")] == [
        page.full_url,
        f"{figures_page.full_url}#figure-arrests",
        f"{glossary.full_url}#term-lead",
    ]
    assert "* Correction: Who we are (March 4, 2026)\n  It was two, not three.\n" in plain
    assert str(term) in plain


def test_a_text_in_spanish_is_spanish_throughout(moderator):
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    page = factories.make_standard_page(title="Who we are")
    factories.make_home().copy_for_translation(spanish).save_revision().publish()
    copied = page.copy_for_translation(spanish)
    copied.save_revision().publish()
    published(copied, 2026, 3, 1)
    rich, plain = read(moderator, **MARCH, locale=spanish.pk)
    assert rich.div["lang"] == "es"
    assert "1 de marzo de 2026" in plain
    assert copied.full_url in plain
    assert page.full_url not in plain.split()


def test_it_begins_with_the_last_thirty_days(moderator):
    event = factories.make_event(title="Just now")
    assert event.full_url in read(moderator)[1]


@pytest.mark.parametrize("query", [{"first": "nonsense"}, {"first": "2026-03-02", "last": "2026-03-01"}])
def test_wrong_days_are_named_and_give_no_text(moderator, query):
    answer = moderator.get(ADDRESS, query)
    assert answer.status_code == 200
    tree = BeautifulSoup(answer.content, "html.parser")
    assert tree.select_one(".error-message, .w-field__errors p")
    assert not tree.find("textarea")


def test_more_news_cost_no_more_queries(moderator, django_assert_max_num_queries):
    for _number in range(5):
        page = factories.make_event()
        page.corrections.create(kind="update", date=timezone.localdate(), text="More.")
    read(moderator)
    with django_assert_max_num_queries(30):
        read(moderator)
