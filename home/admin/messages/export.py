"""The export of messages as a spreadsheet."""

from collections import defaultdict
from itertools import chain

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views import View

from home.admin.messages.access import EXPORTED, ReaderMixin, log_access
from home.exports.spreadsheets import CSV, XLSX, as_csv, as_xlsx, guarded
from home.skipping import each_made


class Export(ReaderMixin, View):
    def get(self, request, extension):
        messages, _state = self.in_state()
        log_access(EXPORTED, messages)
        rows = rows_of(messages)
        if extension == "csv":
            response = StreamingHttpResponse(as_csv(rows), content_type=CSV)
        else:
            response = StreamingHttpResponse(as_xlsx("Messages", rows), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="messages.{extension}"'
        return response


def rows_of(messages):
    """Yield the headings, then a row for each message. Each question of any contact page has its column."""
    asked = each_made(lambda message: [question for question, _answer in message.answers], messages)
    questions = list(dict.fromkeys(chain.from_iterable(asked)))
    yield [_("Day"), _("State"), _("Deleted on"), *map(guarded, questions)]

    def row_of(message):
        answers = defaultdict(list)
        for question, answer in message.answers:
            answers[question].append(answer)
        return [
            message.day.isoformat(),
            message.get_state_display(),
            message.deletion_day.isoformat(),
            *(guarded("\n".join(answers[question])) for question in questions),
        ]

    yield from each_made(row_of, messages)
