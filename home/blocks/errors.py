"""Messages for errors inside of blocks. Wagtail's own say only that some block has an error."""

from django.utils.text import capfirst


def add_messages(error, block, children=None):
    """
    Set the message of a block's ValidationError and of each error in it. Messages name the blocks and fields
    that are wrong: "Quote, Words: This field is required."

    :param children: the blocks inside, by index, if `block` is a stream.
    :returns: pairs of the names on the way to each error and its message.
    """
    if not hasattr(error, "non_block_errors"):
        return [((), words) for words in error.messages]
    found = [((), words) for each in error.non_block_errors.as_data() for words in each.messages]
    for child, child_error in _inside(error, block, children):
        name = capfirst(str(child.label or child.name or ""))
        found += [
            ((name, *names) if name else names, words) for names, words in add_messages(child_error, child)
        ]
    error.message = " ".join(": ".join(filter(None, (", ".join(names), words))) for names, words in found)
    return found


def _inside(error, block, children):
    """Yield pairs of a block inside of this one and its error."""
    for key, child_error in (getattr(error, "block_errors", None) or {}).items():
        if children is None and hasattr(block, "child_block"):
            yield block.child_block, child_error
        else:
            yield (block.child_blocks if children is None else children)[key], child_error
    for row in (getattr(error, "cell_errors", None) or {}).values():
        for child_error in row.values():
            # The error doesn't tell the column. Our tables have columns of only one type.
            yield next(iter(block.child_blocks.values())), child_error
