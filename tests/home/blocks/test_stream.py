import json
from unittest import mock

from django.db import OperationalError, connection
from django.template import Context, Template
from django.test import SimpleTestCase, TestCase
from django.utils.html import strip_tags
from wagtail import blocks
from wagtail.admin.compare import get_comparison_class_for_block
from wagtail.models import ReferenceIndex, Site
from wagtail.rich_text import RichText

from home.blocks.stream import ResilientChild, ResilientStreamBlock
from home.blocks.words import HeadingBlock
from home.models import StandardPage


class NotedBlock(blocks.StructBlock):
    day = blocks.DateBlock()
    note = blocks.CharBlock(required=False)


class FragileBlock(blocks.CharBlock):
    """A block that can be read but not rendered, edited or indexed."""

    def fail(self, *args, **kwargs):
        raise RuntimeError("Jane Roe")

    render = get_form_state = get_searchable_content = extract_references = fail


class Stream(ResilientStreamBlock):
    text = blocks.RichTextBlock()
    noted = NotedBlock()
    fragile = FragileBlock()
    page = blocks.PageChooserBlock()
    pages = blocks.ListBlock(blocks.PageChooserBlock())

    class Meta:
        required = False


STREAM = Stream()
GOOD = {"type": "text", "value": "<p>Still here</p>", "id": "good"}
NO_BLOCKS = [
    {"a": 1},
    [1, 2, 3],
    ["text"],
    [["text", "x"]],
    [None],
    [[]],
    [{"type": "nope", "value": 1}],
    [{"value": 1}],
    [{}],
    [{"type": None, "value": 1}],
    [{"type": ["text"], "value": 1}],
    [{"type": {}, "value": 1}],
    5,
    True,
    1.5,
]
BROKEN = [
    {"type": "text"},
    {"type": "text", "value": 17},
    {"type": "text", "value": {"a": [1]}},
    {"type": "noted", "value": 17},
    {"type": "noted", "value": None},
    {"type": "noted", "value": "2018"},
    {"type": "noted", "value": {"day": "2026-99-99", "note": "x"}},
    {"type": "noted", "value": {"day": [], "note": "x"}},
    {"type": "noted", "value": {"day": None, "note": {"a": 1}}},
    {"type": "page", "value": "abc"},
    {"type": "page", "value": {}},
    {"type": "pages", "value": 17},
    {"type": "pages", "value": ["abc"]},
    {"type": "pages", "value": [[]]},
]


def text_of(value):
    return " ".join(strip_tags(str(value)).split())


class StreamTests(TestCase):
    def test_items_that_are_not_blocks_are_dropped_and_logged(self):
        for raw in NO_BLOCKS:
            for stored in (raw, json.dumps(raw)):
                with self.subTest(stored=stored), self.assertLogs("home.blocks.stream", "WARNING"):
                    assert list(STREAM.to_python(stored)) == []

    def test_items_that_are_not_blocks_do_not_affect_others(self):
        with self.assertLogs("home.blocks.stream"):
            value = STREAM.to_python([1, None, {"type": "nope"}, GOOD, []])
        assert text_of(value) == "Still here"

    def test_nothing_stored_is_an_empty_stream(self):
        for raw in (None, "", [], {}, "[]", "null"):
            with self.subTest(raw=raw), self.assertNoLogs("home.blocks.stream"):
                assert len(STREAM.to_python(raw)) == 0

    def test_invalid_json_is_kept_as_raw_text_of_an_empty_stream(self):
        value = STREAM.to_python("not json")
        assert len(value) == 0
        assert value.raw_text == "not json"

    def test_a_broken_block_is_skipped_and_logged_and_the_rest_is_shown(self):
        for item in BROKEN:
            same_type = {"type": "noted", "value": {"day": "2018-10-04", "note": "Fine"}}
            with self.subTest(item=item), self.assertLogs("home.blocks.stream", "WARNING") as logs:
                html = str(STREAM.to_python([item, GOOD, same_type]))
                assert "Still here" in html
                assert "Fine" in html
                assert f"A {item['type']} block was skipped" in logs.output[0]
                assert len(logs.output) == 1

    def test_a_broken_block_is_stored_again_as_it_was(self):
        for item in BROKEN:
            stored = json.loads(json.dumps([item, GOOD]))
            with self.subTest(item=item), self.assertLogs("home.blocks.stream"):
                value = STREAM.to_python([item, GOOD])
                str(value)
                assert STREAM.get_prep_value(value) == stored

    def test_a_broken_block_can_be_edited_indexed_and_searched(self):
        for item in BROKEN:
            with self.subTest(item=item), self.assertLogs("home.blocks.stream"):
                value = STREAM.to_python([item, GOOD])
                assert STREAM.get_searchable_content(value)[-1] == "Still here"
                assert list(STREAM.extract_references(value)) == []
                assert [state["type"] for state in STREAM.get_form_state(value)] == [item["type"], "text"]
                assert value.blocks_by_name("text")[-1].value.source == "<p>Still here</p>"

    def test_a_deleted_page_does_not_break_a_block(self):
        with self.assertNoLogs("home.blocks.stream"):
            value = STREAM.to_python([{"type": "page", "value": 999_999}, GOOD])
            assert value[0].value is None
            assert text_of(value) == "Still here"

    def test_a_block_that_fails_to_render_is_skipped_wherever_it_is_shown(self):
        value = STREAM.to_python([{"type": "fragile", "value": "Jane Roe"}, GOOD])
        templates = [
            "{{ body }}",
            "{% include_block body %}",
            "{% for block in body %}{% include_block block %}{% endfor %}",
            "{% for block in body %}{{ block }}{% endfor %}",
        ]
        for source in templates:
            template = Template("{% load wagtailcore_tags %}" + source)
            with self.subTest(source), self.assertLogs("home.blocks.stream") as logs:
                assert template.render(Context({"body": value})).strip() == "<p>Still here</p>"
                assert logs.output == ["WARNING:home.blocks.stream:A fragile block was skipped: RuntimeError"]

    def test_a_block_that_fails_elsewhere_is_skipped_there_too(self):
        value = STREAM.to_python([{"type": "fragile", "value": "x", "id": "1"}, GOOD])
        with self.assertLogs("home.blocks.stream"):
            assert STREAM.get_searchable_content(value) == ["Still here"]
            assert list(STREAM.extract_references(value)) == []

    def test_a_lone_surrogate_does_not_break_the_response(self):
        value = STREAM.to_python('[{"type": "text", "value": "<p>\\ud800</p>"}, ' + json.dumps(GOOD) + "]")
        with self.assertLogs("home.blocks.stream"):
            assert text_of(value).encode() == b"Still here"

    def test_the_log_never_holds_content(self):
        items = [
            {"type": "noted", "value": "Jane Roe"},
            {"type": "Jane Roe", "value": 1},
            {"type": "fragile", "value": "Jane Roe"},
            "Jane Roe",
        ]
        with self.assertLogs("home.blocks.stream", "DEBUG") as logs:
            str(STREAM.to_python(items))
        assert "Jane" not in " ".join(logs.output)

    def test_a_database_error_is_raised(self):
        value = STREAM.to_python([{"type": "page", "value": 1}])
        with (
            mock.patch.object(blocks.PageChooserBlock, "bulk_to_python", side_effect=OperationalError),
            self.assertRaises(OperationalError),
        ):
            str(value)

    def test_good_blocks_of_a_type_are_read_together(self):
        pk = Site.objects.get().root_page_id
        value = STREAM.to_python([{"type": "page", "value": pk}] * 5)
        with self.assertNumQueries(1):
            assert [child.value.pk for child in value] == [pk] * 5

    def test_native_values_and_form_values_are_resilient_too(self):
        value = STREAM.to_python([("text", RichText("<p>Still here</p>"))])
        value.append(("fragile", "x"))
        value = STREAM.clean(value)
        assert all(isinstance(child, ResilientChild) for child in value)
        with self.assertLogs("home.blocks.stream"):
            assert text_of(value) == "Still here"

    def test_a_saved_form_reads_back(self):
        data = {"body-count": "1", "body-0-deleted": "", "body-0-type": "fragile", "body-0-order": "0"}
        data |= {"body-0-value": "x", "body-0-id": ""}
        value = STREAM.value_from_datadict(data, {}, "body")
        assert isinstance(value[0], ResilientChild)
        assert value[0].value == "x"


class PageTests(TestCase):
    """Tests with a page whose column holds malformed values."""

    @classmethod
    def setUpTestData(cls):
        page = StandardPage(title="Privacy", slug="privacy", summary="What we keep")
        cls.page = Site.objects.get().root_page.add_child(instance=page)

    def stored(self, raw):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE home_standardpage SET body = %s WHERE page_ptr_id = %s",
                [json.dumps(raw), self.page.pk],
            )
        return StandardPage.objects.get(pk=self.page.pk)

    def test_a_page_shows_saves_and_is_indexed_whatever_is_stored(self):
        raws = NO_BLOCKS + [
            [item, GOOD]
            for item in [
                {"type": "table", "value": 17},
                {"type": "table", "value": {"table": {"columns": [{"type": "no"}]}}},
                {"type": "heading", "value": [1]},
                {"type": "chart", "value": {"figure": "abc"}},
                {"type": "related_pages", "value": {"pages": [{"type": "item", "value": {}, "id": 1}]}},
                {"type": "image", "value": {"image": {"image": []}}},
            ]
        ]
        for raw in raws:
            with self.subTest(raw=raw), self.assertLogs("home.blocks.stream"):
                page = self.stored(raw)
                html = str(page.body)
                assert raw in NO_BLOCKS or "Still here" in html
                page.save_revision().publish()
                page.refresh_from_db()
                StandardPage.get_indexed_objects()
                ReferenceIndex.create_or_update_for_object(page)
                assert page.body.get_prep_value() == ([] if raw in NO_BLOCKS else raw_with_ids(raw, page))


def raw_with_ids(raw, page):
    """Return stored items, with the ids that Wagtail may have added."""
    ids = [item.get("id") for item in page.body.get_prep_value()]
    return [({"id": id} if id else {}) | item for item, id in zip(raw, ids, strict=True)]


class DeconstructTests(SimpleTestCase):
    def test_migrations_know_a_plain_stream_block(self):
        assert STREAM.deconstruct()[0] == "wagtail.blocks.StreamBlock"


def test_comparisons_call_a_choice_by_its_label():
    block = HeadingBlock()
    compared = get_comparison_class_for_block(block)(
        block, True, True, *[{"text": "Data", "level": "h3"}] * 2
    )
    assert "<dd>Subsection</dd>" in str(compared.htmlvalue(compared.val_a))
