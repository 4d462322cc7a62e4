"""Rich text: the editors' form field, and links to pages and files. Import it when all models are loaded."""

from django.core.exceptions import BadRequest
from django.utils.html import escape
from wagtail.admin.rich_text import DraftailRichTextArea
from wagtail.documents.rich_text import DocumentLinkHandler as WagtailDocumentLinkHandler
from wagtail.rich_text.pages import PageLinkHandler as WagtailPageLinkHandler

from home.blocks.page_links import address_of, linked_pages
from home.text import clean_text


class RichTextArea(DraftailRichTextArea):
    """Clean the text of Wagtail's rich text editor before anything else reads it, previews included."""

    def value_from_datadict(self, data, files, name):
        try:
            value = super().value_from_datadict(data, files, name)
        except Exception as error:  # The editor never sends input on which the converter fails.
            raise BadRequest("A rich text cannot be read.") from error
        return value and clean_text(value)


class PageLinkHandler(WagtailPageLinkHandler):
    """Find all linked pages in one query. A link to a page that is not public is shown as plain text."""

    @classmethod
    def get_many(cls, attrs_list):
        ids = {attrs.get("id", "") for attrs in attrs_list}
        pages = linked_pages(ids)
        return [pages[attrs.get("id", "")] for attrs in attrs_list]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        return [
            f'<a href="{escape(address_of(page))}">' if page else "<a>" for page in cls.get_many(attrs_list)
        ]


class DocumentLinkHandler(WagtailDocumentLinkHandler):
    """A link to a private file is shown as plain text."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list):
        return [
            f'<a href="{escape(file.url)}">' if file and file.is_open else "<a>"
            for file in cls.get_many(attrs_list)
        ]
