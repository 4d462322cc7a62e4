"""Wagtail looks here for what an app adds to its admin; each module registers its own part."""

from wagtail import hooks

from home import views  # noqa: F401
from home.admin import handbook, unsent_mails  # noqa: F401
from home.admin.files import images, menu  # noqa: F401
from home.admin.front import panel, reports, shortcuts  # noqa: F401
from home.admin.guards import library, mentions, publishing  # noqa: F401
from home.admin.links import report  # noqa: F401
from home.admin.lists import documents, exports, figures_and_terms, numbers  # noqa: F401
from home.admin.messages import access, urls  # noqa: F401
from home.admin.number_sets import views as number_set_views  # noqa: F401
from home.admin.writing import checks, copied_blocks, dates, paste, saving, sources  # noqa: F401
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
