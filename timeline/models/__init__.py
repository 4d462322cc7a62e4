from timeline.models.category import EventCategory, FormerCategorySlug
from timeline.models.embedding import EmbedSettings
from timeline.models.event import EventPage, EventSource
from timeline.models.event_import import EventImport
from timeline.models.timeline import Era, TimelinePage
