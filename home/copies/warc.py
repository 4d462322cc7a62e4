"""Write what other sites answered into a WARC file, which programs of web archives open."""

from http.client import responses
from io import BytesIO

from django.conf import settings

# The content is kept as it is after decoding, so these headers would be false. Archives rename them so.
OF_TRANSPORT = {"content-encoding", "content-length", "transfer-encoding"}
ORIGINAL = "X-Archive-Orig-"

# warcio is imported when a file is written, since only the task worker does so.


class Warc:
    """A WARC file in memory, compressed record by record."""

    def __init__(self):
        from warcio.warcwriter import WARCWriter

        self.file = BytesIO()
        self.writer = WARCWriter(self.file, gzip=True)
        about = {
            "software": settings.WAGTAIL_SITE_NAME,
            "format": "WARC File Format 1.0",
            "description": "A page, its styles and its images. No script was run.",
            "operator": settings.BASE_URL,
        }
        self.writer.write_record(self.writer.create_warcinfo_record("copy.warc.gz", about))

    def add(self, response):
        """Add a Response, with the redirects that led to it."""
        for each in (*response.redirects, response):
            record = self.writer.create_warc_record(
                each.url,
                "response",
                payload=BytesIO(each.content),
                length=len(each.content),
                http_headers=http_headers(each),
            )
            self.writer.write_record(record)

    def add_text(self, url, text):
        """Add the words of a page, as we read them."""
        payload = text.encode()
        record = self.writer.create_warc_record(
            url,
            "conversion",
            payload=BytesIO(payload),
            length=len(payload),
            warc_content_type="text/plain; charset=utf-8",
        )
        self.writer.write_record(record)

    @property
    def content(self):
        return self.file.getvalue()


def http_headers(response):
    from warcio.statusandheaders import StatusAndHeaders

    headers = [
        (f"{ORIGINAL}{name}" if name.lower() in OF_TRANSPORT else name, value)
        for name, value in response.headers.items()
    ]
    headers.append(("Content-Length", str(len(response.content))))
    status = f"{response.status} {responses.get(response.status, '')}".strip()
    return StatusAndHeaders(status, headers, protocol="HTTP/1.1")
