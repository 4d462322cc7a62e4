from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete, pre_save
from django.utils.translation import gettext_lazy as _

from home.text import clean_instance


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Site")

    def ready(self):
        from django.conf import settings
        from PIL import Image

        # Pillow refuses images with more than twice as many pixels. Images from before the limit have up to
        # three times as many as new ones.
        Image.MAX_IMAGE_PIXELS = 2 * settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS

        from wagtail.signals import (
            copy_for_translation_done,
            page_published,
            page_unpublished,
            published,
            unpublished,
        )

        # It replaces look-ups of Wagtail.
        import home.addresses.sections  # noqa: F401
        from home import tasks
        from home.copies.models import on_deleted as on_copy_deleted
        from home.models import DocumentPage, Figure
        from home.translating import following

        pre_save.connect(clean_before_saving, dispatch_uid="home.text")
        post_save.connect(tasks.on_document_saved, sender="home.SiteDocument", dispatch_uid="home.file_text")
        post_delete.connect(tasks.on_file_page_deleted, sender="home.FilePage")
        page_published.connect(tasks.on_record_published, sender=DocumentPage)
        page_published.connect(tasks.on_published, dispatch_uid="home.blocks.page_links")
        published.connect(tasks.on_published, sender=Figure, dispatch_uid="home.blocks.page_links")
        published.connect(following.on_published, dispatch_uid="home.translating")
        copy_for_translation_done.connect(following.on_copied, dispatch_uid="home.translating")
        page_unpublished.connect(tasks.on_unpublished, dispatch_uid="home.blocks.page_links")
        unpublished.connect(tasks.on_unpublished, sender=Figure, dispatch_uid="home.blocks.page_links")
        pre_delete.connect(on_page_deletion, sender="wagtailcore.Page")
        post_delete.connect(on_message_deletion, sender="home.ContactMessage")
        post_delete.connect(on_copy_deleted, sender="home.KeptCopy", dispatch_uid="home.copies")
        post_migrate.connect(gather_links_once, sender=self)
        self.watch_accounts()
        prepare_routes()

    def watch_accounts(self):
        from django.contrib.auth import get_user_model, user_logged_in, user_login_failed

        from home.accounts import changes, leaving, log, second_factor

        user_logged_in.connect(second_factor.on_password)
        user_login_failed.connect(log.count_failed_sign_in)
        pre_delete.connect(leaving.protect, sender=get_user_model())
        changes.connect()


def prepare_routes():
    """Let Wagtail collect the routes of pages. Threads that did so at once failed with a RuntimeError."""
    from django.apps import apps
    from wagtail.contrib.routable_page.models import RoutablePageMixin

    for model in apps.get_models():
        if issubclass(model, RoutablePageMixin):
            model.get_resolver()


def on_page_deletion(sender, instance, **kwargs):
    """Signal receiver: keep copies of a page private when the page is deleted."""
    from home.privacy import keep_copies_private

    keep_copies_private(instance)


def on_message_deletion(sender, **kwargs):
    """Signal receiver: erase a deleted message from the disk, however it was deleted."""
    from home.sealing.erasing import erase_for_good

    erase_for_good()


def clean_before_saving(sender, instance, **kwargs):
    """Signal receiver: clean the texts of every model before it is saved."""
    clean_instance(instance)


def gather_links_once(sender, apps=None, **kwargs):
    """Signal receiver: gather the links of a site whose content is older than the models for links."""
    from wagtail.models import Page

    if apps and "linkuse" in apps.all_models["home"]:
        uses = sender.get_model("LinkUse").objects
        if not uses.exists() and Page.objects.filter(depth__gt=1).exists():
            uses.gather_all()
