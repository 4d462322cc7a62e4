"""Additions to Wagtail's admin for events, and their import and export."""
