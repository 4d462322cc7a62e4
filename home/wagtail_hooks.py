"""Wagtail looks here for what an app adds to its admin; each module registers its own part."""

from wagtail import hooks

from home.desk import (  # noqa: F401
    autosave,
    blocks,
    checks,
    corrections,
    dates,
    errors,
    exports,
    figures,
    files,
    front,
    glossary,
    handbook,
    inbox,
    links,
    media,
    number_sets,
    paste,
    publishing,
    records,
    references,
    reports,
    shortcuts,
    signed_out,
    sources,
    unsent,
)
from home.links import DocumentLinkHandler, PageLinkHandler


@hooks.register("register_rich_text_features", order=100)
def links_lead_to_what_is_public(features):
    """In the place of Wagtail's own, which is registered before."""
    features.register_link_type(PageLinkHandler)
    features.register_link_type(DocumentLinkHandler)


@hooks.register("construct_help_menu")
def help_stays_here(request, menu_items):
    """The admin leads nobody to other sites, which would learn where they come from."""
    menu_items[:] = [item for item in menu_items if not item.url.startswith(("http:", "https:"))]
