"""Links from rich text to pages of the site, and their queries."""

import pytest
from django.utils.translation import override
from wagtail.models import Locale, PageViewRestriction

from home.kept import reading
from home.privacy import hidden_paths
from home.templatetags.home_tags import prose
from tests.support import factories

pytestmark = pytest.mark.django_db


def link_to(page):
    return f'<p><a linktype="page" id="{page.pk}">Read on</a></p>'


def text(page):
    return {"type": "text", "value": link_to(page)}


def test_a_link_leads_to_the_page():
    page = factories.make_concern()
    assert f'<a href="{page.url}">Read on</a>' in prose(link_to(page))


def test_a_link_to_a_private_page_is_shown_as_text():
    draft = factories.make_concern()
    draft.unpublish()
    private = factories.make_partner()
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    for page in (draft, private):
        assert "href" not in prose(link_to(page))
        assert "Read on" in prose(link_to(page))


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 40, "1 OR 1=1", "١"])
def test_a_link_to_a_missing_page_is_shown_as_text(number):
    html = prose(f'<p><a linktype="page" id="{number}">Read on</a></p>')
    assert "href" not in html
    assert "Read on" in html


def test_links_on_spanish_pages_lead_to_spanish_pages():
    page = factories.make_standard_page()
    spanish, _ = Locale.objects.get_or_create(language_code="es")
    page.get_parent().specific.copy_for_translation(spanish).save_revision().publish()
    translated = page.copy_for_translation(spanish)
    translated.slug = "privacidad"
    translated.save_revision().publish()
    translated.refresh_from_db()
    with override("es"):
        assert f'href="{translated.url}"' in prose(link_to(page))


def test_the_links_of_all_blocks_cost_one_query(django_assert_num_queries):
    pages = [factories.make_concern(title=f"Concern {number}") for number in range(5)]
    body = factories.make_standard_page(body=[text(page) for page in pages]).body
    assert pages[0].url  # The root paths of the site are known from here on.
    with reading():
        hidden_paths()
        with django_assert_num_queries(1):
            html = str(body)
    assert all(f'href="{page.url}"' in html for page in pages)


def test_a_text_without_links_takes_no_query(django_assert_num_queries):
    body = factories.make_standard_page(body=[{"type": "text", "value": "<p>Words</p>"}]).body
    with django_assert_num_queries(0):
        assert "Words" in str(body)
