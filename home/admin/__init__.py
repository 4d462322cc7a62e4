"""The editors' desk: what the site adds to Wagtail's admin, one noun of the editor's screen a file."""
