"""The error page of a site whose templates cannot be used."""

EXIT = "https://www.weather.gov/"
LAST_WORDS = f"""<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Out of order</title>
<p><a href="{EXIT}" rel="nofollow noreferrer">Exit this page</a></p>
<h1>Something went wrong here</h1>
<p>Please try again in a minute.</p>
<div lang="es">
<p><a href="{EXIT}" rel="nofollow noreferrer">Salir de esta página</a></p>
<h2>Algo salió mal aquí</h2>
<p>Inténtelo de nuevo en un minuto, por favor.</p>
</div>
</html>
"""


def write_error(sock, status, reason, message):
    """
    Send the page for a request that gunicorn cannot read, such as one with a URL that is too long.

    Gunicorn's own page quotes the request and has no way to exit.
    """
    body = LAST_WORDS.encode()
    head = [
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: text/html; charset=utf-8",
        "Content-Security-Policy: default-src 'none'",
        "Referrer-Policy: no-referrer",
        "X-Content-Type-Options: nosniff",
        f"Content-Length: {len(body)}",
    ]
    sock.sendall("\r\n".join([*head, "", ""]).encode() + body)
