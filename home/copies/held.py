"""The copy that we hold of an address, as visitors learn of it."""

from dataclasses import dataclass
from datetime import UTC

from django.db.models import Case, JSONField, OuterRef, Subquery, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from home.copies.models import KeptCopy, day_of


@dataclass(frozen=True)
class HeldCopy:
    """A kept copy, for visitors."""

    pk: int
    kept_at: str  # As the database writes it into JSON, in UTC.
    sha256: str
    is_shown: bool

    @property
    def day(self):
        moment = parse_datetime(self.kept_at)
        return day_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    @property
    def address(self):
        return reverse("kept_copy", args=[self.pk])


def held_copy(field):
    """
    Return an expression for the copy to name beside an address: the newest that visitors can read, else the
    oldest. It is the data of a HeldCopy, so that no page needs another query for it.

    :param field: the field of the outer query with the address.
    """
    copies = KeptCopy.objects.kept().filter(address=OuterRef(field))
    newest = Case(When(is_shown=True, then="kept_at")).desc(nulls_last=True)
    data = JSONObject(**{name: name for name in ("pk", "kept_at", "sha256", "is_shown")})
    chosen = copies.order_by("-is_shown", newest, "kept_at", "pk").values(data=data)[:1]
    return Subquery(chosen, output_field=JSONField())
