"""Adding the archived copy of a dead link to every source with this link."""

from dataclasses import dataclass, field

from home.models import Figure


@dataclass
class Written:
    """The pages and figures of the sources, by what happened to them."""

    published: list = field(default_factory=list)
    drafts: list = field(default_factory=list)
    locked: list = field(default_factory=list)


def keep_archived_copy(uses, archived_url, user):
    """
    Add the URL of an archived copy to the sources that have the link but no archived copy.

    The change is published at once if the user may publish and there are no other unpublished changes.
    Otherwise it becomes part of the draft.

    :param uses: the LinkUse objects of one link, on pages and figures that the user may edit.
    """
    written = Written()
    owners = {use.owner: use.link.url for use in uses if use.is_source}
    for owner, url in owners.items():
        owner = owner if isinstance(owner, Figure) else owner.specific
        if is_locked(owner, user):
            written.locked.append(owner)
            continue
        # Checked before the new draft is saved, which is an unpublished change itself.
        may_publish = can_publish(owner, user) and not owner.has_unpublished_changes
        if (revision := draft_with(owner, url, archived_url, user)) is not None:
            if may_publish:
                revision.publish(user=user)
            (written.published if may_publish else written.drafts).append(owner)
    return written


def draft_with(owner, url, archived_url, user):
    """Save a draft with the archived copy. Return its revision; None if no source lacks the copy."""
    draft = owner.get_latest_revision_as_object()
    sources = list(draft.sources.all())
    lacking = [source for source in sources if source.url == url and not source.archived_url]
    for source in lacking:
        source.archived_url = archived_url
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
