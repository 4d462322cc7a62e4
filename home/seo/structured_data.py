"""What search engines are told beside the page itself: the way to it, the site, and who publishes it."""

from django.conf import settings
from django.utils.translation import gettext
from wagtail.models import Site

__all__ = ["graph_of", "publisher_of", "site_name"]


def graph_of(page, request):
    """A page and what it belongs to, as schema.org things that name each other by `@id`."""
    home = page.lineage[-1]
    surroundings = [] if page is home else [way_to(page, request), website(home, request)]
    return [page.structured_data(request), *surroundings, publisher(home, request)]


def way_to(page, request):
    """The live pages from the home page down to this one."""
    steps = [step for step in reversed(page.lineage) if step.live or step is page]
    items = [
        {
            "@type": "ListItem",
            "position": position,
            "name": gettext("Home") if position == 1 else step.title,
            "item": {"@id": step.get_full_url(request)},
        }
        for position, step in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def website(home, request):
    address = home.get_full_url(request)
    return {
        "@type": "WebSite",
        "@id": address,
        "url": address,
        "name": site_name(request),
        "publisher": publisher_of(home, request),
    }


def publisher(home, request):
    return publisher_of(home, request) | {
        "@type": "Organization",
        "name": site_name(request),
        "url": home.get_full_url(request),
    }


def publisher_of(home, request):
    """The name by which things of a graph refer to who publishes the site."""
    return {"@id": f"{home.get_full_url(request)}#publisher"}


def site_name(request):
    site = Site.find_for_request(request)
    return (site and site.site_name) or settings.WAGTAIL_SITE_NAME
