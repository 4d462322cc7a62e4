from timeline.models.category import *
from timeline.models.embedding import *
from timeline.models.era import *
from timeline.models.event import *
from timeline.models.event_import import *
from timeline.models.timeline import *
