"""
The content of a new site: facts with their sources, in the YAML files beside this one.

`schema` describes the files, `reading` reads and checks them, `builder` makes pages and snippets of them, and
`body` the blocks of a page. `loader` does all of it, once.
"""
