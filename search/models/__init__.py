from search.models.entry import *
from search.models.facets import *
from search.models.missed_search import *
