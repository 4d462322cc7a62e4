"""Timelines named in commands."""

from django.core.management.base import CommandError

from timeline.models import TimelinePage


def timeline_at(path):
    """
    The timeline at a path below the site, drafts included.

    :raises CommandError: if there is none, with the paths that there are.
    """
    found = {
        page.get_url_parts()[2] if page.get_url_parts() else "": page
        for page in TimelinePage.objects.filter(alias_of=None)
    }
    wanted = f"/{path.strip('/')}/"
    if wanted not in found:
        raise CommandError(f"No timeline at {wanted}. There is: {', '.join(sorted(found)) or 'none'}")
    return found[wanted]
