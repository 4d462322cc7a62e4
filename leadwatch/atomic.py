"""What an editor sends is done as a whole, or not at all."""

from functools import wraps

from django.db import DEFAULT_DB_ALIAS, transaction

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def all_or_nothing(view):
    """
    Answer what may change something within one transaction, as ATOMIC_REQUESTS would. A request that only
    reads has none, since on SQLite each one waits for whoever writes.

    A view that must not keep others waiting so long opts out by Django's `transaction.non_atomic_requests`.
    """
    in_transaction = transaction.atomic(view)

    @wraps(view)
    def answer(request, *args, **kwargs):
        is_exempt = DEFAULT_DB_ALIAS in getattr(view, "_non_atomic_requests", ())
        if is_exempt or request.method in SAFE_METHODS:
            return view(request, *args, **kwargs)
        return in_transaction(request, *args, **kwargs)

    return answer
