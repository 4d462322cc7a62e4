"""Structured data for search engines: the page itself, the path to it, the site, and its publisher."""

import json

from django.conf import settings
from django.utils.translation import get_language, gettext
from wagtail.models import Site

from home.text import clean_data


class StructuredData:
    """A page that describes itself in terms of schema.org and Open Graph."""

    schema_type = "WebPage"
    open_graph_type = "website"

    @property
    def lineage(self):
        """This page and its ancestors, up to the home page. Routing has cached them: no query."""
        lineage = [self]
        while lineage[-1].depth and lineage[-1].depth > 2:
            lineage.append(lineage[-1].get_parent())
        return lineage

    def structured_data(self, request=None):
        """Return the page as a schema.org thing, as data that JSON can hold. Page types add to it."""
        address, home = self.get_full_url(request), self.lineage[-1].get_full_url(request)
        data = {
            "@type": self.schema_type,
            "@id": address,
            "url": address,
            "name": self.title,
            "description": self.search_description or self.summary,
            "inLanguage": get_language(),
            "publisher": publisher_reference(home),
        }
        if address != home:
            data["isPartOf"] = {"@id": home}
        if self.shared_image:
            data["image"] = self.shared_image.url
        if self.first_published_at:
            data["datePublished"] = self.first_published_at.isoformat()
        if self.last_published_at:
            data["dateModified"] = self.last_published_at.isoformat()
        if errors := [line for line in self.ordered_corrections if line.kind == line.Kind.CORRECTION]:
            data["correction"] = [line.as_structured_data() for line in errors]
        return data

    def json_ld(self, request=None):
        """Return the structured data as JSON that is safe within a script element."""
        text = json.dumps(
            clean_data({"@context": "https://schema.org", "@graph": graph(self, request)}),
            ensure_ascii=False,
            default=str,
        )
        return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def graph(page, request):
    """Return a page and what it belongs to, as schema.org things that refer to each other by `@id`."""
    home, name = page.lineage[-1].get_full_url(request), site_name(request)
    context = [breadcrumbs(page, request), website(home, name)] if page.lineage[1:] else []
    return [page.structured_data(request), *context, publisher(home, name)]


def breadcrumbs(page, request):
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


def website(home, name):
    return {
        "@type": "WebSite",
        "@id": home,
        "url": home,
        "name": name,
        "publisher": publisher_reference(home),
    }


def publisher(home, name):
    return publisher_reference(home) | {"@type": "Organization", "name": name, "url": home}


def publisher_reference(home):
    """Return the `@id` by which other things of a graph refer to the publisher of the site."""
    return {"@id": f"{home}#publisher"}


def site_name(request):
    site = Site.find_for_request(request)
    return (site and site.site_name) or settings.WAGTAIL_SITE_NAME
