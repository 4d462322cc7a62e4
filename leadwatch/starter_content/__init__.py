"""
The content of a new site: facts with their sources, in the YAML files beside this one.

`schema` describes the files, `reading` reads and checks them, `body` makes the blocks of a page, and `loader`
makes the pages.
"""
