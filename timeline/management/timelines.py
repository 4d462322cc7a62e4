"""Find the timeline that a command is given."""

from django.core.management.base import CommandError

from timeline.models import TimelinePage


def timeline_at(path):
    """Return the timeline, perhaps a draft, at a path. Raises CommandError, which lists the paths."""
    found = {
        page.get_url_parts()[2] if page.get_url_parts() else "": page
        for page in TimelinePage.objects.filter(alias_of=None)
    }
    wanted = f"/{path.strip('/')}/"
    if wanted not in found:
        raise CommandError(
            f"There is no timeline at {wanted}. Existing timelines: {', '.join(sorted(found)) or 'none'}"
        )
    return found[wanted]
