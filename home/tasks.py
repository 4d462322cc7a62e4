"""What is done when content changes: in the background by `manage.py db_worker`, or at once."""

from django_tasks import task

from home.models import FileText, LinkUse, SiteDocument


@task
def read_file_text(document_pk):
    """Keep what the file of a document says, unless the document is gone or its file was read already."""
    document = SiteDocument.objects.filter(pk=document_pk).first()
    if document and not FileText.objects.is_read(document):
        FileText.objects.read(document)


def on_document_saved(instance, raw=False, **kwargs):
    """Signal receiver: let the file of a document be read if it is another one than before."""
    # Not after the commit: the list of tasks is in the same database, so a worker sees both at once.
    if instance.file and not raw and not FileText.objects.is_read(instance):
        read_file_text.enqueue(instance.pk)


def on_published(instance, **kwargs):
    """Signal receiver: visitors find the links of a page or a figure."""
    LinkUse.objects.gather(instance)


def on_unpublished(instance, **kwargs):
    """Signal receiver: they find them no more. A page that is about to be deleted looks published still."""
    LinkUse.objects.of(instance).delete()
