"""The private parts of Wagtail's StreamValue still work as `home/blocks/stream_internals.py` expects."""

from wagtail import blocks

from home.blocks.stream_internals import HookedStreamValue

UPGRADE = (
    "After an upgrade of Wagtail, StreamValue no longer calls the methods that "
    "home/blocks/stream_internals.py overrides, so one broken block would take a whole page down."
)


class MarkedValue(HookedStreamValue):
    def wrap_child(self, child):
        return self.StreamChild(child.block, f"wrapped {child.value}", id=None)

    def read_children(self, block, items):
        return [self.StreamChild(block, f"read {item['value']}", id=None) for item in items]


STREAM = blocks.StreamBlock([("word", blocks.CharBlock())])


def test_stored_items_are_read_by_our_method():
    items = [{"type": "word", "value": "a"}, {"type": "word", "value": "b"}]
    value = MarkedValue(STREAM, items, is_lazy=True)
    assert [child.value for child in value] == ["read a", "read b"], UPGRADE


def test_native_values_are_wrapped_by_our_method():
    value = MarkedValue(STREAM, [("word", "a")])
    value.append(("word", "b"))
    assert [child.value for child in value] == ["wrapped a", "wrapped b"], UPGRADE
