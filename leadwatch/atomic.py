"""Run each admin request that may write in one transaction."""

from functools import wraps

from django.db import DEFAULT_DB_ALIAS, transaction

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def all_or_nothing(view):
    """
    Call a view in a transaction, as ATOMIC_REQUESTS would, unless the request only reads: on SQLite, every
    transaction waits for writers.

    Views that would block others for too long opt out with Django's `transaction.non_atomic_requests`.
    """
    in_transaction = transaction.atomic(view)

    @wraps(view)
    def answer(request, *args, **kwargs):
        is_exempt = DEFAULT_DB_ALIAS in getattr(view, "_non_atomic_requests", ())
        if is_exempt or request.method in SAFE_METHODS:
            return view(request, *args, **kwargs)
        return in_transaction(request, *args, **kwargs)

    return answer
