"""
The content that a new site begins with: facts with their sources, in the YAML files beside this one.

`records` reads the files and refuses what it does not know, `body` makes blocks of their text, `loader` makes
the pages, `groups` the people's permissions.
"""
