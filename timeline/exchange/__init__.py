"""
Events on their way out of a timeline and into it.

A *record* is an event as plain data that another database can take (`records`), in which pages, pictures
and files stand by addresses and not by numbers (`references`). A *slide* is an event of TimelineJS with its
record in it (`slides`, `slide_reader`), a *row* one of a spreadsheet (`sheets`).

`exports` writes files. An import goes through `reading`, which makes *items* of a file (`json_files`,
`tables`), `matching`, which finds the events that they are, and a `Plan` (`plans`), which shows what would
happen and then does it. `done` notes that, and `undo` takes it back.
"""
