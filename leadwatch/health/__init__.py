"""
Find out what is wrong before visitors do.

`problems` is what the site can find at any time. It is shown at `/readyz`, on the admin's first screen and by
`manage.py doctor`, which adds what `server` finds. `certificate` asks our own web server for its certificate.
"""
