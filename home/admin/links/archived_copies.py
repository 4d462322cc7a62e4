"""The archived copy of a page that is gone, written beside its address wherever it is a source."""

from dataclasses import dataclass, field

from home.models import Figure

__all__ = ["Written", "keep_archived_copy"]


@dataclass
class Written:
    """The pages and figures into which an archived copy was written, by what became of them."""

    published: list = field(default_factory=list)
    drafts: list = field(default_factory=list)
    locked: list = field(default_factory=list)


def keep_archived_copy(uses, address, user):
    """
    Write the address of an archived copy into the sources that give a link and have none yet.

    What visitors see changes where nothing else waits to be published and the user may publish; where other
    changes wait, or somebody else decides, the address waits with them.

    :param uses: the LinkUses, of one link, on what the user may change.
    """
    written = Written()
    owners = {use.owner: use.link.url for use in uses if use.is_source}
    for owner, url in owners.items():
        owner = owner if isinstance(owner, Figure) else owner.specific
        if is_locked(owner, user):
            written.locked.append(owner)
            continue
        # Asked before the draft is saved, which is another change that waits.
        may_publish = can_publish(owner, user) and not owner.has_unpublished_changes
        if (revision := draft_with(owner, url, address, user)) is not None:
            if may_publish:
                revision.publish(user=user)
            (written.published if may_publish else written.drafts).append(owner)
    return written


def draft_with(owner, url, address, user):
    """The revision that holds the archived copy; None if the latest draft has no source that lacks it."""
    draft = owner.get_latest_revision_as_object()
    sources = list(draft.sources.all())
    lacking = [source for source in sources if source.url == url and not source.archived_url]
    for source in lacking:
        source.archived_url = address
    draft.sources = sources
    return draft.save_revision(user=user, log_action=True, clean=False) if lacking else None


def is_locked(owner, user):
    if isinstance(owner, Figure):
        return False
    return bool(owner.alias_of_id) or owner.permissions_for_user(user).page_locked()


def can_publish(owner, user):
    if isinstance(owner, Figure):
        return user.has_perm("home.publish_figure")
    return owner.permissions_for_user(user).can_publish()
