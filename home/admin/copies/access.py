"""The copies that each user sees."""

from django.db.models import Q

from home.models import ExternalLink, KeptCopy, LinkUse

ACTIONS = ["add", "change", "delete"]


def copies_for(user):
    """Return all copies for those who decide about them; for others, those of sources that they may edit."""
    copies = KeptCopy.objects.light()
    if user.has_perm("home.change_keptcopy") or user.has_perm("home.delete_keptcopy"):
        return copies
    if not user.has_perm("home.add_keptcopy"):
        return copies.none()
    cited = ExternalLink.objects.used_in(LinkUse.objects.editable_by(user).in_sources())
    return copies.filter(Q(asked_by=user) | Q(address__in=cited.values("url")))
