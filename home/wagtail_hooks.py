"""Wagtail looks here for what an app adds to its admin; each module registers its own part."""

from wagtail import hooks

from home import views  # noqa: F401
from home.admin import handbook, inbox, unsent  # noqa: F401
from home.admin.files import images  # noqa: F401
from home.admin.front import panel, reports, shortcuts  # noqa: F401
from home.admin.guards import library, mentions, publishing  # noqa: F401
from home.admin.links import report  # noqa: F401
from home.admin.lists import documents, exports, figures, glossary, number_sets  # noqa: F401
from home.admin.writing import autosave, checks, copied_blocks, dates, errors, paste, signed_out, sources  # noqa: F401
from home.blocks.rich_text import DocumentLinkHandler, PageLinkHandler


@hooks.register("register_rich_text_features", order=100)
def links_lead_to_what_is_public(features):
    """In the place of Wagtail's own, which is registered before."""
    features.register_link_type(PageLinkHandler)
    features.register_link_type(DocumentLinkHandler)


@hooks.register("construct_help_menu")
def help_stays_here(request, menu_items):
    """The admin leads nobody to other sites, which would learn where they come from."""
    menu_items[:] = [item for item in menu_items if not item.url.startswith(("http:", "https:"))]
