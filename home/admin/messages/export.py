"""
The export of messages as a spreadsheet.

The server makes it of plain messages. Of sealed ones it sends only the data, and the browser makes the file.
"""

from collections import defaultdict

from django.http import JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views import View

from home.admin.messages.access import ReaderMixin, log_access
from home.exports.spreadsheets import CSV, XLSX, as_csv, as_xlsx, guarded
from home.models import InboxKey
from home.skipping import each_made


class Export(ReaderMixin, View):
    def get(self, request, extension):
        if InboxKey.objects.exists():
            return redirect("inbox")
        messages, _state = self.in_state()
        log_access("home.message.export", messages)
        rows = rows_of(messages)
        content, kind = (as_csv(rows), CSV) if extension == "csv" else (as_xlsx("Messages", rows), XLSX)
        headers = {"Content-Disposition": f'attachment; filename="messages.{extension}"'}
        return StreamingHttpResponse(content, content_type=kind, headers=headers)


class SealedExport(ReaderMixin, View):
    """The data of sealed messages, of which leadwatch/static/site_admin/inbox.js makes a file."""

    def get(self, request):
        messages, _state = self.in_state()
        log_access("home.message.export", messages)
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
    contents = list(each_made(content_of, messages))
    questions = dict.fromkeys(question for _facts, answers, _notes in contents for question in answers)
    last = [_("Notes")] if any(notes for _facts, _answers, notes in contents) else []
    yield [*headings(), *map(guarded, questions), *last]
    for known, answers, notes in contents:
        texts = ["\n".join(answers[question]) for question in questions]
        yield [*known, *map(guarded, [*texts, notes] if last else texts)]


def content_of(message):
    answers = defaultdict(list)
    for question, answer in message.answers:
        answers[question].append(answer)
    return facts(message), answers, "\n".join(note.text for note in message.notes.all())
