"""Wagtail looks here for what an app adds to its admin; each module registers its own part."""

from timeline.admin import (  # noqa: F401
    categories,
    duplicates,
    embed_settings,
    events,
    import_results,
    imports,
    shortcuts,
)
