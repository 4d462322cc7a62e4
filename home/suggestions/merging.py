"""
Merging of three versions of a field, as JSON: an old one, and two that were made of it.

A body's blocks, a page's sources and the like are lists. Their items are merged one by one.
"""

import json

from home.suggestions.as_read import as_read


def is_same(one, other):
    return as_read(one) == as_read(other)


def merge(old, ours, theirs):
    """
    Return `ours` with the changes that `theirs` made to `old`, and whether both changed the same thing
    differently. Then theirs counts.
    """
    if is_same(theirs, old) or is_same(theirs, ours):
        return ours, False
    if is_same(ours, old):
        return theirs, False
    if all(isinstance(value, list) for value in (old, ours, theirs)):
        return merge_lists(old, ours, theirs)
    return theirs, True


def merge_lists(old, ours, theirs):
    old, ours, theirs = ({key(item): item for item in items} for items in (old, ours, theirs))
    merged, is_conflict = {}, False
    for name in {**ours, **theirs}:
        before, our, their = old.get(name), ours.get(name), theirs.get(name)
        if is_same(their, before):
            their = our
        elif not (is_same(our, before) or is_same(our, their)):
            is_conflict = True
        if their is not None:
            merged[name] = their
    is_moved, they_moved = (order(each, old) != order(old, each) for each in (ours, theirs))
    first, second = (theirs, ours) if they_moved and not is_moved else (ours, theirs)
    is_conflict |= is_moved and they_moved and order(ours, theirs) != order(theirs, ours)
    names = [name for name in interleave([*first], [*second]) if name in merged]
    return numbered([merged[name] for name in names]), is_conflict


def key(item):
    """Return what identifies an item of a list: its ID if it has one, else its content."""
    if not isinstance(item, dict):
        return item
    return item.get("id") or item.get("pk") or json.dumps(as_read(item), sort_keys=True, default=str)


def order(items, others):
    """Return the keys of those items that are also in others."""
    return [name for name in items if name in others]


def interleave(first, second):
    """Add the names that only `second` has to `first`, each after the one that precedes it in `second`."""
    for place, name in enumerate(second):
        if name not in first:
            before = second[place - 1] if place else None
            first.insert(first.index(before) + 1 if before else 0, name)
    return first


def numbered(items):
    """Give rows of a page new positions."""
    return [
        item | {"sort_order": place} if isinstance(item, dict) and "sort_order" in item else item
        for place, item in enumerate(items)
    ]
