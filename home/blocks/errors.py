"""Words for what is wrong in blocks: Wagtail tells only which kind of block refused its value."""

from django.utils.text import capfirst

__all__ = ["put_in_words"]


def put_in_words(error, block, children=None):
    """
    Give a block's ValidationError, and each error within it, a message that names the blocks and fields that
    are wrong: "Quote, Words: This field is required."

    :param children: the blocks within, by index, where `block` itself does not tell them: those of a stream.
    :returns: pairs of the names that lead to what is wrong, and the words for it.
    """
    if not hasattr(error, "non_block_errors"):
        return [((), words) for words in error.messages]
    told = [((), words) for each in error.non_block_errors.as_data() for words in each.messages]
    for child, child_error in _within(error, block, children):
        name = capfirst(str(child.label or child.name or ""))
        told += [
            ((name, *names) if name else names, words) for names, words in put_in_words(child_error, child)
        ]
    error.message = " ".join(": ".join(filter(None, (", ".join(names), words))) for names, words in told)
    return told


def _within(error, block, children):
    """Pairs of a block within this block and its error."""
    for key, child_error in (getattr(error, "block_errors", None) or {}).items():
        if children is None and hasattr(block, "child_block"):
            yield block.child_block, child_error
        else:
            yield (block.child_blocks if children is None else children)[key], child_error
    for row in (getattr(error, "cell_errors", None) or {}).values():
        for child_error in row.values():
            # Columns may be of any kind; the words are those of the cell.
            yield next(iter(block.child_blocks.values())), child_error
