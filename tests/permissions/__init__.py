"""Tests of who may open what in the admin, against the table in docs/permissions.md."""
