import json
import re
from itertools import groupby
from pathlib import Path
from unittest import skipIf

import pytest
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory, SimpleTestCase, TestCase
from django.urls import reverse
from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.blocks.base import BlockWidget
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.rich_text import RichText

from home.blocks import BodyBlock
from home.external_links.validation import is_link
from home.kept import reading
from home.models import DocumentPage, Figure, FigureValue, StandardPage
from home.privacy import hidden_paths
from tests.support import factories
from timeline.models import EventCategory, EventPage, EventSource, TimelinePage

BODY = BodyBlock()
SCRIPT = '<script>alert("x")</script>'
OUTWARD = 'rel="noopener noreferrer"'


def render(*items, is_preview=False):
    """Return the HTML of a body with these (block, value) pairs, as in a page's template."""
    body = BODY.to_python([{"type": name, "value": value} for name, value in items])
    request = RequestFactory().get("/")
    request.is_preview = is_preview
    template = Template("{% load wagtailcore_tags %}{% include_block body %}")
    return template.render(Context({"body": body, "request": request}))


def words(html):
    return " ".join(strip_tags(html).split())


def preview(block):
    """Return the preview of a block as its stored value."""
    return json.loads(json.dumps(block.get_prep_value(block.get_preview_value()), cls=DjangoJSONEncoder))


def replace_text(value, text):
    """Replace every text in a stored value."""
    if isinstance(value, dict):
        # Keep the type of a column, which is the name of its block.
        return {key: v if key == "type" else replace_text(v, text) for key, v in value.items()}
    if isinstance(value, list):
        return [replace_text(item, text) for item in value]
    return text if isinstance(value, str) else value


def depth(block):
    children = getattr(block, "child_blocks", None)
    if children is None and isinstance(block, blocks.ListBlock):
        children = {"item": block.child_block}
    return 1 + max((depth(child) for child in children.values()), default=0) if children else 0


class DeclarationTests(SimpleTestCase):
    def test_every_block_tells_editors_what_it_is(self):
        for name, block in BODY.child_blocks.items():
            with self.subTest(name):
                assert block.meta.icon != "placeholder"
                assert block.meta.group
                assert block.meta.label
                assert block.get_description()
                assert hasattr(block.meta, "preview_value")

    def test_blocks_of_a_group_are_adjacent(self):
        groups = [
            group for group, _ in groupby(BODY.child_blocks.values(), key=lambda block: block.meta.group)
        ]
        assert len(groups) == len(set(groups))

    def test_every_block_has_a_template_and_every_template_a_block(self):
        for name, block in BODY.child_blocks.items():
            assert block.meta.template == f"blocks/{name}.html"
            get_template(block.meta.template)
        folder = Path(get_template("blocks/text.html").origin.name).parent
        assert {path.stem for path in folder.iterdir()} == set(BODY.child_blocks)

    def test_blocks_nest_at_most_two_levels(self):
        for name, block in BODY.child_blocks.items():
            with self.subTest(name):
                assert depth(block) <= 2

    def test_migrations_name_the_stock_blocks_only(self):
        def paths(block):
            yield block.deconstruct()[0]
            for child in getattr(block, "child_blocks", {}).values():
                yield from paths(child)

        assert all(path.startswith("wagtail.") for path in paths(BODY))

    def test_only_web_and_mail_addresses_are_links(self):
        good = ["https://example.org/a?b#c", "http://example.org", "mailto:us@example.org"]
        bad = [
            "javascript:alert(1)",
            "java\nscript:alert(1)",
            "JAVASCRIPT:alert(1)",
            "data:text/html,x",
            "ftp://example.org",
            "//example.org",
            "https://",
            "mailto:",
            "http://[",
            "/about/",
            "",
            None,
        ]
        assert [address for address in good if not is_link(address)] == []
        assert [address for address in bad if is_link(address)] == []

    def test_the_editor_form_can_be_shown(self):
        html = BlockWidget(BODY).render_with_errors("body", BODY.to_python([]), attrs={"id": "body"})
        assert "Question and answer" in html
        assert "See also" in html


class RenderTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.image = get_image_model().objects.create(
            title="Street", description="A street", credit="Jane Roe", file=get_test_image_file()
        )
        cls.home = Site.objects.get().root_page
        cls.page = cls.home.add_child(
            instance=StandardPage(title="Privacy", slug="privacy", summary="What we keep")
        )
        cls.draft = cls.home.add_child(
            instance=StandardPage(title="A draft", slug="draft", summary="Not yet", live=False)
        )
        cls.secret = cls.home.add_child(
            instance=StandardPage(title="Secret", slug="secret", summary="For partners")
        )
        PageViewRestriction.objects.create(page=cls.secret, restriction_type=PageViewRestriction.PASSWORD)
        cls.record = cls.home.add_child(
            instance=DocumentPage(
                title="LEAD Reform Letter",
                slug="letter",
                summary="Concerns",
                issued_by="GHJP",
                date="2019-04",
            )
        )
        cls.figure = Figure.objects.create(title="Arrests in the first eight months", slug="arrests")
        FigureValue.objects.create(figure=cls.figure, value=590, period_start="2017-10", period_end="2018-07")
        cls.document = get_document_model().objects.create(
            title="Letter", file="letter.pdf", file_size=20_480
        )

    def image_value(self, **value):
        return {"image": {"image": self.image.pk, "alt_text": "A street", "decorative": False}} | value

    def test_every_preview_shows_its_content(self):
        shown = {
            "heading": "What the City said LEAD would do",
            "text": "Law Enforcement Assisted Diversion",
            "quote": "LEAD National Support Bureau",
            "callout": "Were you offered LEAD?",
            "question": "What is a social contact referral?",
            "image": "Image: Jane Roe",
            "video": "law.yale.edu",
            "number": "arrests became a successful diversion",
            "chart": "Arrests in the first eight months",
            "table": "$75,000",
            "events": "",
            "document": "LEAD Reform Letter",
            "related_pages": "Privacy",
            "button": "Look at the City's dashboard",
        }
        for name, block in BODY.child_blocks.items():
            with self.subTest(name):
                html = block.render(block.get_preview_value(), {"request": RequestFactory().get("/")})
                assert shown[name] in words(html).replace("&#x27;", "'")

    def test_previews_are_valid(self):
        for name, block in BODY.child_blocks.items():
            if name != "document":
                with self.subTest(name):
                    block.clean(block.get_preview_value())

    def test_empty_blocks_show_nothing(self):
        for name in BODY.child_blocks:
            if name == "events":
                continue
            for empty in ({}, None):
                with self.subTest(name, empty=empty):
                    assert words(render((name, empty))) == ""

    def test_scripts_never_reach_a_reader(self):
        for name, block in BODY.child_blocks.items():
            for text in (SCRIPT, "javascript:alert(1)", '" onmouseover="alert(1)', "{{ settings }}"):
                with self.subTest(name, text=text):
                    html = render((name, replace_text(preview(block), text)))
                    assert "<script" not in html
                    assert 'href="javascript' not in html
                    assert not re.search('<[^>]*" onmouseover="', html)

    def test_huge_text_is_shown_whole(self):
        for name in ("heading", "text", "quote", "number", "question", "table"):
            with self.subTest(name):
                html = render((name, replace_text(preview(BODY.child_blocks[name]), "w" * 100_000)))
                assert "w" * 100_000 in html

    # PostgreSQL aborts the test's transaction after the first error. Requests are not one transaction.
    @skipIf(connection.vendor == "postgresql", "PostgreSQL goes on only outside of a transaction")
    def test_a_value_of_the_wrong_type_affects_only_its_own_block(self):
        wrong = [17, -1, 2**70, True, "x", "", [], [1], [[]], {"a": {}}, {"text": {"a": 1}}, None, 1.5]
        for name, block in BODY.child_blocks.items():
            fields = getattr(block, "child_blocks", {})
            for value in wrong + [preview(block) | {field: bad} for field in fields for bad in wrong]:
                with self.subTest(name, value=value), self.assertNoLogs("django.request"):
                    html = render((name, value), ("text", "<p>The page goes on.</p>"), (name, preview(block)))
                    assert "The page goes on." in html
                    assert "{&#x27;a" not in html

    def test_heading_levels_and_anchors(self):
        html = render(
            ("heading", {"text": "¿Qué es LEAD?", "level": "h2"}),
            ("heading", {"text": "¿Qué es LEAD?", "level": "h3"}),
            ("heading", {"text": "LEAD", "level": "h1"}),
            ("question", {"question": "¿Qué es LEAD?", "answer": "<p>A program.</p>", "level": "h3"}),
        )
        self.assertInHTML('<h2 class="block-heading" id="section-que-es-lead">¿Qué es LEAD?</h2>', html)
        self.assertInHTML('<h3 class="block-heading" id="section-que-es-lead-2">¿Qué es LEAD?</h3>', html)
        self.assertInHTML('<h2 class="block-heading" id="section-lead">LEAD</h2>', html)
        self.assertInHTML('<h3 id="section-que-es-lead-3">¿Qué es LEAD?</h3>', html)

    def test_a_heading_without_letters_still_has_an_anchor(self):
        assert 'id="section"' in render(("heading", {"text": "???", "level": "h2"}))

    def test_text_keeps_its_formatting_and_loses_unknown_markup(self):
        html = render(
            ("text", f'<p onclick="x()">A <b>bold</b> claim.</p>{SCRIPT}<img src="x" onerror="y()">')
        )
        self.assertInHTML("<p>A <b>bold</b> claim.</p>", html)
        for hostile in ("onclick", "onerror", "<img", "alert"):
            assert hostile not in html

    def test_a_quote_names_who_said_it_and_its_source(self):
        html = render(("quote", preview(BODY.child_blocks["quote"])))
        assert "<blockquote>" in html
        assert "Source: The Bureau&#x27;s own site" in words(html)
        self.assertInHTML(
            f'<a href="https://www.leadbureau.org/" {OUTWARD}>The Bureau&#x27;s own site</a>', html
        )

    def test_a_source_with_a_bad_address_is_named_without_a_link(self):
        html = render(
            ("quote", {"text": "Words", "source_title": "A paper", "source_url": "javascript:alert(1)"})
        )
        assert "A paper" in html
        assert "<a " not in html

    def test_a_callout_names_its_kind(self):
        for tone, word in [("note", "Note"), ("important", "Important"), ("safety", "Staying safe")]:
            html = render(("callout", {"heading": "", "text": "<p>Read this.</p>", "tone": tone}))
            assert words(html) == f"{word} Read this."

    def test_an_answer_is_not_collapsed(self):
        html = render(("question", preview(BODY.child_blocks["question"])))
        assert "not accused of an offense" in html
        assert "<details" not in html

    def test_an_image_has_its_alt_text_caption_and_credit(self):
        html = render(("image", self.image_value(caption="Downtown")))
        assert 'alt="A street"' in html
        assert 'loading="lazy"' in html
        assert "image/avif" in html
        assert "image/webp" in html
        assert "Downtown Image: Jane Roe" in words(html)

    def test_a_decorative_image_has_an_empty_alt_text(self):
        image = {"image": self.image.pk, "alt_text": "", "decorative": True}
        assert 'alt=""' in render(("image", {"image": image, "caption": ""}))

    def test_a_video_is_a_link_that_names_its_site(self):
        still = self.image_value()["image"]
        video = {
            "still": still,
            "title": "Teach-in",
            "url": "https://video.example/1",
            "duration": "12 minutes",
        }
        html = render(("video", video))
        assert "12 minutes. The video is on another site, video.example." in words(html)
        assert f'<a href="https://video.example/1" {OUTWARD}>' in html
        assert "<iframe" not in html

    def test_a_number_has_a_label_and_a_source(self):
        text = words(render(("number", preview(BODY.child_blocks["number"]))))
        assert text.startswith("2 of 590 arrests became a successful diversion")
        assert "Source: Coverage of the final LEAD report" in text

    def test_a_chart_shows_only_published_figures(self):
        value = {"figure": self.figure.pk, "caption": "How many arrests"}
        assert "How many arrests" in render(("chart", value))
        assert ">590<" in render(("chart", value))
        in_preview = "This figure is not published yet. Visitors do not see it."
        assert in_preview not in render(("chart", value), is_preview=True)
        Figure.objects.update(live=False)
        assert words(render(("chart", value))) == ""
        assert words(render(("chart", value), is_preview=True)) == in_preview

    def test_a_table_has_a_caption_and_headings(self):
        html = render(("table", preview(BODY.child_blocks["table"])))
        assert "<caption>What paid for the start</caption>" in html
        self.assertInHTML('<th scope="col">Amount</th>', html)
        self.assertInHTML('<th scope="row">Federal grant to the City</th>', html)
        self.assertInHTML("<td>$75,000</td>", html)

    def test_the_first_column_of_a_table_can_hold_plain_cells(self):
        html = render(("table", preview(BODY.child_blocks["table"]) | {"row_headings": False}))
        self.assertInHTML("<td>Federal grant to the City</td>", html)

    def test_a_table_needs_a_caption(self):
        block = BODY.child_blocks["table"]
        value = block.to_python(preview(block))
        value["table"].caption = ""
        with self.assertRaises(ValidationError):
            block.clean(value)

    def test_events_are_filtered_as_chosen(self):
        timeline = self.home.add_child(
            instance=TimelinePage(title="Timeline", slug="timeline", summary="Events")
        )
        category = EventCategory.objects.create(name="Community", slug="community")
        for title, date in [("City managers answer", "2018-10-04"), ("Second LEAD Reform Letter", "2019-12")]:
            event = EventPage(title=title, summary="It happened.", date=date, category=category)
            event.sources.add(EventSource(title="New Haven Independent"))
            timeline.add_child(instance=event)
        html = render(("events", {"timeline": timeline.pk, "concern": None, "year": "2018", "limit": 5}))
        assert "City managers answer" in html
        assert "Second LEAD Reform Letter" not in html

    def test_a_document_block_links_to_the_page_and_the_file(self):
        html = render(
            ("document", {"page": self.record.pk, "file": self.document.pk, "note": "Both letters"})
        )
        self.assertInHTML(f'<a href="{self.record.url}">LEAD Reform Letter</a>', html)
        assert f'href="{self.document.url}"' in html
        assert "(PDF, 20.0\xa0KB)" in words(html).replace("20.0 KB", "20.0\xa0KB")
        assert "Both letters" in html

    def test_a_document_block_needs_a_page_or_a_file(self):
        block = BODY.child_blocks["document"]
        with self.assertRaises(ValidationError):
            block.clean(block.to_python({"page": None, "file": None, "note": ""}))
        block.clean(block.to_python({"page": None, "file": self.document.pk, "note": ""}))

    def test_related_pages_leave_out_pages_that_are_not_public(self):
        gone = Page.objects.order_by("pk").last().pk + 1
        pages = [self.secret.pk, self.page.pk, self.draft.pk, gone, self.record.pk]
        html = render(("related_pages", {"heading": "", "pages": pages}))
        assert "See also" in html
        assert html.count("<li>") == 2
        for page in (self.page, self.record):
            self.assertInHTML(f'<a href="{page.url}">{page.title}</a>', html)

    def test_related_pages_take_no_extra_queries(self):
        raw = {"heading": "", "pages": [self.page.pk, self.record.pk, self.secret.pk]}
        assert self.page.url  # Wagtail remembers where its sites are.
        with reading():
            hidden_paths()
            Locale.get_active()
            with self.assertNumQueries(1):
                value = BODY.to_python([{"type": "related_pages", "value": raw}])[0].value
                assert [page.title for page in value.visible_pages] == ["Privacy", "LEAD Reform Letter"]

    def test_a_button_leads_to_a_page_or_another_site(self):
        html = render(("button", {"text": "What we keep", "page": self.page.pk, "url": ""}))
        self.assertInHTML(f'<a class="button" href="{self.page.url}">What we keep</a>', html)
        html = render(("button", {"text": "Dashboard", "page": None, "url": "https://example.org/"}))
        self.assertInHTML(f'<a class="button" href="https://example.org/" {OUTWARD}>Dashboard</a>', html)

    def test_a_button_to_a_draft_is_left_out(self):
        assert words(render(("button", {"text": "Read it", "page": self.draft.pk, "url": ""}))) == ""

    def test_a_button_has_exactly_one_target(self):
        block = BODY.child_blocks["button"]
        for page, url in [(None, ""), (self.page.pk, "https://example.org/")]:
            with self.assertRaises(ValidationError) as raised:
                block.clean(block.to_python({"text": "Go", "page": page, "url": url}))
            assert "not both" in str(raised.exception.non_block_errors)
        for page, url in [(None, "mailto:us@example.org"), (self.page.pk, "")]:
            block.clean(block.to_python({"text": "Go", "page": page, "url": url}))

    def test_an_editor_cannot_enter_a_dangerous_address(self):
        block = BODY.child_blocks["button"]
        with self.assertRaises(ValidationError):
            block.clean(block.to_python({"text": "Go", "page": None, "url": "javascript:alert(1)"}))

    def test_a_draft_may_be_saved_unfinished(self):
        body = BODY.to_python([{"type": name, "value": {}} for name in BODY.child_blocks if name != "text"])
        BODY.clean_deferred(body)

    def test_search_finds_the_text_of_every_block_but_no_urls(self):
        body = BODY.to_python([{"type": n, "value": preview(b)} for n, b in BODY.child_blocks.items()])
        content = " ".join(BODY.get_searchable_content(body))
        for text in ("City said", "Assisted Diversion", "public order", "without giving your name", "Grant"):
            assert text in content
        assert "https://" not in content

    def test_native_values_can_be_written_in_code(self):
        body = BODY.to_python([("heading", {"text": "LEAD", "level": "h2"}), ("text", RichText("<p>Hi</p>"))])
        body.append(("text", "<p>There</p>"))
        assert words(str(body)) == "LEAD Hi There"


@pytest.mark.django_db
@pytest.mark.parametrize("name", BodyBlock.base_blocks)
def test_block_previews_look_as_on_the_site(admin_client, name):
    block = BodyBlock().child_blocks[name]
    response = admin_client.get(reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix})
    html = response.content.decode()
    assert response.status_code == 200
    assert "css/site.css" in html
    assert response["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_a_preview_without_an_example_says_so(admin_client):
    block = BODY.child_blocks["image"]
    html = admin_client.get(
        reverse("wagtailadmin_block_preview"), {"id": block.definition_prefix}
    ).content.decode()
    assert "An example will appear here" in html


@pytest.mark.django_db
def test_the_sections_of_a_page_have_the_anchors_of_its_headings(client):
    body = [
        {"type": "heading", "value": {"text": "What happened", "level": "h2"}},
        {"type": "heading", "value": {"text": "What happened", "level": "h3"}},
        {"type": "question", "value": {"question": "What happened", "answer": "<p>No.</p>", "level": "h2"}},
        {"type": "heading", "value": {"text": "And then", "level": "h2"}},
    ]
    page = factories.make_standard_page(body=json.dumps(body))
    assert page.sections == [
        ("section-what-happened", "What happened"),
        ("section-what-happened-3", "What happened"),
        ("section-and-then", "And then"),
    ]
    html = client.get(page.url).content.decode()
    for anchor, _words in page.sections:
        assert f'<a href="#{anchor}">' in html
        assert f'id="{anchor}"' in html


def test_words_of_the_form_are_not_searched():
    """The level of a heading is a choice in the form, in the language of whoever saved it."""
    body = BODY.to_python([{"type": "heading", "value": {"text": "What was said", "level": "h2"}, "id": "1"}])
    assert BODY.get_searchable_content(body) == ["What was said"]
