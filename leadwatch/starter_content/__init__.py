"""
The content of a new site: facts with their sources, in the YAML files beside this one.

`schema` describes the files, `reading` reads and checks them, `body` makes the blocks of a page, `loader`
makes the pages, and `translations` adds their translations, whose words are in the folder of the language.
"""
