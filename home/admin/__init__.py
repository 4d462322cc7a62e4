"""Additions to Wagtail's admin, for editors."""
