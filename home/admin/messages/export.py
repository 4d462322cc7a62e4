"""
The export of messages as a spreadsheet.

The server makes it of plain messages. Of sealed ones it sends only the data, and the browser makes the file.
"""

from collections import defaultdict
from itertools import chain

from django.http import JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View

from home.admin.messages.access import EXPORTED, ReaderMixin, log_access
from home.exports.spreadsheets import CSV, XLSX, as_csv, as_xlsx, guarded
from home.models import InboxKey
from home.skipping import each_made


class Export(ReaderMixin, View):
    def get(self, request, extension):
        if InboxKey.objects.exists():
            return redirect("inbox")
        messages, _state = self.in_state()
        log_access(EXPORTED, messages)
        rows = rows_of(messages)
        if extension == "csv":
            response = StreamingHttpResponse(as_csv(rows), content_type=CSV)
        else:
            response = StreamingHttpResponse(as_xlsx("Messages", rows), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="messages.{extension}"'
        return response


class SealedExport(ReaderMixin, View):
    """The data of sealed messages, of which leadwatch/static/site_admin/inbox.js makes a file."""

    def get(self, request):
        messages, _state = self.in_state()
        log_access(EXPORTED, messages)
        rows = [
            {
                "facts": facts(message),
                "key": message.key_id,
                "sealed": message.sealed,
                "notes": [{"key": note.key_id, "sealed": note.text} for note in message.notes.all()],
            }
            for message in messages.exclude(key=None)
        ]
        return JsonResponse({"headings": headings(), "notes": _("Notes"), "messages": rows})


def headings():
    return [_("Day"), _("State"), _("Deleted on")]


def facts(message):
    return [message.day.isoformat(), message.get_state_display(), message.deletion_day.isoformat()]


def rows_of(messages):
    """Yield the headings, then a row for each message. Each question of any contact page has its column."""
    asked = each_made(lambda message: [question for question, _answer in message.answers], messages)
    questions = list(dict.fromkeys(chain.from_iterable(asked)))
    has_notes = any(message.notes.all() for message in messages)
    yield [*headings(), *map(guarded, questions), *([_("Notes")] if has_notes else [])]

    def row_of(message):
        answers = defaultdict(list)
        for question, answer in message.answers:
            answers[question].append(answer)
        notes = "\n".join(note.text for note in message.notes.all())
        return [
            *facts(message),
            *(guarded("\n".join(answers[question])) for question in questions),
            *([guarded(notes)] if has_notes else []),
        ]

    yield from each_made(row_of, messages)
