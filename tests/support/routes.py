"""A site to visit, and every URL outside of the admin."""

import re

from django.utils.timezone import localdate
from wagtail.models import CollectionViewRestriction, Locale, Page, PageViewRestriction

from tests.support import factories
from tests.support.pages import PAGE_TYPES, make_neighbors
from tests.support.permissions.addresses import patterns
from timeline.models import EventSource

# Values for the parameters of each URL pattern outside of the admin, by its name or path.
EXAMPLES = {
    "cover": lambda site: [site.event.pk],
    "accent_stylesheet": lambda site: ["7a1f5c"],
    "files/<0>/<1>": lambda site: [site.file.pk, "minutes.txt"],
    "wagtaildocs_serve": lambda site: [site.file.pk, "minutes.txt"],
    "wagtaildocs_authenticate_with_password": lambda site: [site.collection_restriction.pk],
    "media/images/<path>": lambda site: [site.rendition.file.name.removeprefix("images/")],
    "media/pages/<name><end>.webp": lambda site: [site.file_page.name, "-half"],
    "contact_message": lambda site: [site.contact.pk],
    "kept_copy": lambda site: [site.copy.pk],
    "kept_copy_file": lambda site: [site.copy.pk],
    "export_events": lambda site: ["timeline", "json"],
    "wagtailcore_authenticate_with_password": lambda site: [site.restriction.pk, site.private.pk],
    "wagtail_serve": lambda site: ["nothing/here/"],
}
# The same for the routes of pages, by their name.
OF_PAGES = {
    "about_route": lambda site: [site.event.pk],
    "changes": lambda site: [localdate().isoformat()],
    "file_page": lambda site: [1],
}
# The path of Wagtail's pattern for pages, in readable form.
ALL_PAGES = "(<0>*)"


class PublicSite:
    """A site with a page of each type in both languages, private pages, and files."""

    def __init__(self):
        self.event = make_neighbors()
        made = [make().specific for make, _budget in PAGE_TYPES.values()]
        self.contact = factories.make_contact()
        spanish = Locale.objects.get_or_create(language_code="es")[0]
        for page in made:
            translate(page, spanish)
        self.private = factories.make_standard_page(title="With a password")
        self.restriction = restrict(self.private, PageViewRestriction.PASSWORD)
        restrict(factories.make_standard_page(title="For accounts"), PageViewRestriction.LOGIN)
        image = factories.make_image()
        factories.make_event(lead_image=image)
        self.rendition = image.get_rendition("width-20")
        self.file, self.kept_back = factories.make_file(), factories.make_file()
        for file in (self.file, self.kept_back):
            factories.make_document(file=file)
        self.file_page = factories.make_file_page(self.file)
        self.copy = shown_copy()
        self.kept_back.collection = self.kept_back.collection.add_child(name="Kept back")
        self.kept_back.save()
        self.collection_restriction = CollectionViewRestriction.objects.create(
            collection=self.kept_back.collection,
            restriction_type=CollectionViewRestriction.PASSWORD,
            password="open sesame",
        )

    def addresses(self):
        """Return all URLs, with those of the examples."""
        routes = [path.replace("{}", str(value)) for path, value in self.places()]
        return list(dict.fromkeys([*self.fixed(), *routes, *self.pages(), self.kept_back.url]))

    def fixed(self):
        """Yield the URLs without parameters."""
        for path, _name, parameters, _view in public_patterns():
            if not parameters:
                yield f"/{path}"

    def places(self):
        """Yield URLs with {} in place of one of their parameters, and an example for it."""
        for path, name, parameters, _view in public_patterns():
            if not parameters:
                continue
            if (example := EXAMPLES.get(name) or EXAMPLES.get(path)) is None:
                raise LookupError(f"No example for /{path} ({name}). Add one in tests/support/routes.py.")
            values = dict(zip(parameters, example(self), strict=True))
            for chosen, value in values.items():
                shown = "<0>" if path == ALL_PAGES else path
                for parameter, other in values.items():
                    shown = shown.replace(f"<{parameter}>", "{}" if parameter == chosen else str(other))
                yield f"/{shown}", value

    def pages(self):
        """Yield the URLs of live pages and of their routes."""
        for page in Page.objects.live().filter(depth__gt=1).specific():
            if not page.url:
                continue
            yield page.url
            for route in getattr(page, "get_subpage_urls", list)():
                arguments = OF_PAGES.get(route.name, lambda site: [])(self)
                yield page.url + page.reverse_subpage(route.name, args=arguments)


def shown_copy():
    """Return a copy of a source that visitors can read, with its words."""
    address = "https://news.example/story"
    factories.make_event(sources=[EventSource(**factories.source_fields(url=address))])
    words = {"title": "City ends LEAD", "text": "In 2018, the program ended.\n\nIt began again."}
    return factories.make_copy(address, is_shown=True, status=200, **words)


def filled(text):
    """Return the URL of each pattern, also in the admin, with a text in place of its parameters."""
    return sorted({"/" + re.sub(r"<\w+>", text, path) for path, *_rest in patterns()})


def public_patterns():
    return [pattern for pattern in patterns() if not pattern[0].startswith("admin/")]


def restrict(page, kind):
    return PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open sesame")


def translate(page, locale):
    """Publish the page in a language, and return it."""
    if page.has_translation(locale):
        copy = page.get_translation(locale)
    else:
        copy = page.copy_for_translation(locale, copy_parents=True)
    copy = copy.specific
    copy.alias_of = None
    copy.save_revision(clean=False).publish()
    return copy
