from home.copies.models import KeptCopy
from home.corrections.models import Correction, WordingChange
from home.history.models import WithheldVersion
from home.mail.models import OutgoingMail
from home.models.accounts.second_factor import AuthenticatorApp, RecoveryCodes
from home.models.accounts.try_counter import TryCounter
from home.models.accounts.user import User
from home.models.assignment import Assignment
from home.models.base import BasePage, BodyPage
from home.models.contact import ContactFormField, ContactMessage, ContactPage, MessageNote
from home.models.document import DocumentIndexPage, DocumentPage, DocumentSource
from home.models.figure import Figure, FigureSource, FiguresPage, FigureValue
from home.models.glossary import GlossaryPage, GlossaryTerm
from home.models.home import HomePage, page_at
from home.models.library.file import SiteDocument
from home.models.library.file_page import FilePage
from home.models.library.file_text import FileText
from home.models.library.image import SiteImage, image_field
from home.models.library.renditions import SiteRendition
from home.models.link import ExternalLink, LinkUse
from home.models.partner import PartnerIndexPage, PartnerPage, watchers_in
from home.models.settings import SiteSettings
from home.models.snippet import Snippet
from home.models.source import SOURCE_SEARCH_FIELDS, SOURCES_PANEL, Source, Sourced, SourcesRequired
from home.models.standard import OverviewPage, StandardPage
from home.models.trace import Trace
from home.sealing.models import InboxKey
from home.suggestions.models import Suggestion
from home.translating.models import Translation
