from search.models.entry import Entry, EntryText, KnownWord
from search.models.facets import Facets, FacetSet, known_facets
from search.models.missed_search import MissedSearch, MissedSearchQuerySet
