"""The quality of results for judged queries."""

import pytest
from django.db import connection

from tests.support import judged

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_judged_queries_find_what_is_meant(starter_content, client, capsys):
    judged.make_site()
    check(judged.QUERIES, client, capsys)


def test_judged_queries_in_spanish_find_what_is_meant(translations, client, capsys):
    check(judged.SPANISH_CONTENT, client, capsys)


def check(queries, client, capsys):
    ranks = {query["query"]: judged.rank(query, judged.addresses(client, query)) for query in queries}
    success = sum(rank is not None and rank <= 3 for rank in ranks.values()) / len(ranks)
    reciprocal = sum(1 / rank for rank in ranks.values() if rank) / len(ranks)
    late = {query: rank for query, rank in ranks.items() if rank != 1}
    with capsys.disabled():
        print(
            f"\n{connection.vendor}: {len(ranks)} judged queries, success at 3 {success:.3f},"
            f" mean reciprocal rank {reciprocal:.3f}"
        )
    assert success >= 0.95, late
    assert reciprocal >= 0.85, late
