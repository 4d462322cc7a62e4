"""
Events on their way out of a timeline and into it.

A *record* is an event as plain data that another database can take (`records`), in which pages, pictures
and files stand by addresses and not by numbers (`references`). A *slide* is an event of TimelineJS with its
record in it (`slides`, `slide_reader`), a *row* one of a spreadsheet (`sheets`). `exports` gives files out,
`reading` takes them apart, and a `Plan` (`plans`) says what a file would do before it does it.
"""
