"""
Exports and imports of events.

- `fields`: the fields of an event as plain data.
- `references`: portable names for the pages, images and files that events refer to, and the way back.
- `formats`: slides of TimelineJS, rows of spreadsheets, and entries of a calendar.
- `exports`: writes files.
- `matching`: finds the existing event that a row of a file is.
- `imports`: reads a file, makes a `Plan` that can be shown, applies it, and undoes it.
"""
