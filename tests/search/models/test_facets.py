import pytest

from search.models import Facets, FacetSet
from search.models.facets import KnownFacets

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def ids():
    """The primary keys of facet sets, by the year in them."""
    texts = {
        year: str(Facets(frozenset({"kind:event"}), range(year, year + 2))) for year in range(2001, 2006)
    }
    by_text = FacetSet.objects.ids_of(set(texts.values()))
    return {year: by_text[text] for year, text in texts.items()}


@pytest.mark.parametrize("years", [range(0), range(2016, 2017), range(2016, 2020)])
@pytest.mark.parametrize("marks", [set(), {"kind:event"}, {"kind:event", "category:3"}])
def test_facets_are_parsed_as_they_are_written(marks, years):
    facets = Facets(frozenset(marks), years)
    assert Facets.parse(str(facets)) == facets


def test_each_facet_set_is_read_once(ids, django_assert_num_queries):
    known = KnownFacets(size=10)
    known.get([ids[2001]])
    with django_assert_num_queries(1):
        assert known.get([ids[2001], ids[2002]])[ids[2002]].years == range(2002, 2004)
    with django_assert_num_queries(0):
        known.get([ids[2002], ids[2001]])


def test_no_more_facets_are_kept_than_the_size_allows(ids):
    known = KnownFacets(size=3)
    for year, pk in ids.items():
        facets = known.get([pk])
        assert facets[pk].years.start == year
        assert len(facets) <= 3
    assert len(known.get(ids.values())) == 5, "All facets that are asked for are returned."
