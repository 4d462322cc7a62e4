"""Files of copies, for download only: what other sites wrote must never run under our address."""

from django.http import FileResponse, Http404
from django.utils.timezone import localdate


def download(copy, caching):
    """
    Return the response with the file of a copy.

    :param caching: the value of Cache-Control.
    """
    name = f"copy-{copy.pk}-{localdate(copy.kept_at)}.{copy.extension}"
    try:
        file = copy.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=name)
    response.policy = "file"
    response["Cache-Control"] = caching
    response["X-Robots-Tag"] = "noindex"
    return response
