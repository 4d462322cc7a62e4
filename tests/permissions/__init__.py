"""Who may open what in the admin: each kind of person asks for each address, as docs/permissions.md says."""
