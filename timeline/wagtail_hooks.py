"""Wagtail looks here for what an app adds to its admin; each module registers its own part."""

from timeline.admin import categories, duplicates, events, import_results, imports, shortcuts  # noqa: F401
