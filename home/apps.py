from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Site")

    def ready(self):
        from home.tasks import on_document_saved

        post_save.connect(on_document_saved, sender="home.SiteDocument", dispatch_uid="home.file_text")
