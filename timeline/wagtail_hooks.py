"""Wagtail looks here for what an app adds to its admin; each module registers its own part."""

from timeline.desk import (  # noqa: F401
    categories,
    duplicates,
    events,
    import_results,
    imports,
    shortcuts,
)
