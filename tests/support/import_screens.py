"""Steps that several tests take on the import screens."""

import json

from django.core.files.uploadedfile import SimpleUploadedFile

FILE = {
    "events": [
        {"unique_id": "a", "start_date": {"year": 2017, "hour": 5}, "text": {"headline": "First"}},
        {"unique_id": "b", "start_date": {"year": -44}, "text": {"headline": "Ides of March"}},
        {"unique_id": "c", "start_date": {"year": 2018}, "text": {"headline": "Third"}, "group": "Protest"},
    ]
}


def send(client, timeline, content=FILE, **options):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    file = SimpleUploadedFile("events.json", content)
    return client.post("/admin/event-exchange/", {"timeline": timeline.pk, "file": file} | options)


def confirm(client, sent, query="", **more):
    page = client.get(sent.url + query)
    fingerprint = page.context["plan"].fingerprint
    return client.post(sent.url + query, {"fingerprint": fingerprint} | more, follow=True)
