"""The private parts of Wagtail's StreamValue that we use. `test_stream_internals.py` checks them."""

from wagtail.blocks import StreamValue


class HookedStreamValue(StreamValue):
    """A StreamValue whose subclasses decide how its children are made."""

    def wrap_child(self, child):
        """Return the child to use in place of Wagtail's StreamChild."""
        raise NotImplementedError

    def read_children(self, block, items):
        """Return the children for stored items of one block type, in the same order."""
        raise NotImplementedError

    def _construct_stream_child(self, item):
        return self.wrap_child(super()._construct_stream_child(item))

    def _prefetch_blocks(self, type_name):
        indexes = [
            i
            for i, item in enumerate(self._raw_data)
            if self._bound_blocks[i] is None and item["type"] == type_name
        ]
        items = [self._raw_data[i] for i in indexes]
        children = self.read_children(self.stream_block.child_blocks[type_name], items)
        for i, child in zip(indexes, children, strict=True):
            self._bound_blocks[i] = child
