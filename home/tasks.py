"""Tasks and signal receivers that run when content changes. `manage.py db_worker` runs the tasks."""

from django.db import transaction
from django_tasks import task

from home.models import FilePage, FileText, KeptCopy, LinkUse, SiteDocument


@task
def read_file_text(document_pk):
    """Store the text of a file, unless it was deleted or read in the meantime."""
    document = SiteDocument.objects.filter(pk=document_pk).first()
    if document and not FileText.objects.is_read(document):
        text = FileText.objects.read(document)
        if text and text.scans:
            read_scan.enqueue(document_pk)


@task
def read_scan(document_pk, start=0):
    """Read some scanned pages of a file, and queue the others, so that other tasks need not wait for all."""
    document = SiteDocument.objects.filter(pk=document_pk).first()
    if document and FileText.objects.read_scan(document, start):
        text = FileText.objects.get(pk=document_pk)
        read_scan.enqueue(document_pk, len(text.scanned))


@task
def draw_file_pages(document_pk):
    """Draw some pages of a file, and queue the others."""
    document = SiteDocument.objects.filter(pk=document_pk).first()
    if document and FilePage.objects.are_missing(document) and FilePage.objects.draw(document):
        prepare_pages(document)


def prepare_pages(document):
    """Queue the drawing of the pages of a file, after other tasks."""
    draw_file_pages.using(priority=-1).enqueue(document.pk)


@task
def keep_copy(copy_pk):
    """Fetch a copy that somebody has asked for, unless the row was deleted or another task has done it."""
    copy = KeptCopy.objects.filter(pk=copy_pk, state=KeptCopy.State.WAITING).first()
    if copy:
        copy.fetch()


@task
def read_copy(copy_pk):
    """Read the words of an uploaded copy, unless it was deleted."""
    copy = KeptCopy.objects.filter(pk=copy_pk).first()
    if copy:
        copy.read()


def on_document_saved(instance, raw=False, **kwargs):
    """Signal receiver: queue the reading of a new file."""
    # Tasks are in the same database, so a worker sees both only after the commit.
    if instance.file and not raw and not FileText.objects.is_read(instance):
        read_file_text.enqueue(instance.pk)
    if not raw:
        FilePage.objects.of_old_files(instance).delete()
        if FilePage.objects.are_missing(instance):
            prepare_pages(instance)


def on_file_page_deleted(instance, **kwargs):
    """Signal receiver: delete the images of a page, once it is certain that the page is gone."""
    transaction.on_commit(instance.delete_images)


def on_record_published(instance, **kwargs):
    """Signal receiver: queue the drawing of the pages of a record."""
    if instance.file and FilePage.objects.are_missing(instance.file):
        prepare_pages(instance.file)


def on_published(instance, **kwargs):
    """Signal receiver: update the links of a page or figure."""
    LinkUse.objects.gather(instance)


def on_unpublished(instance, **kwargs):
    """Signal receiver: forget the links of a page or figure, which may still be `live` if it is deleted."""
    LinkUse.objects.of(instance).delete()
