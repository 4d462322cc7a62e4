from django.apps import AppConfig


class LeadwatchConfig(AppConfig):
    name = "leadwatch"

    def ready(self):
        from leadwatch.cache import watch_content

        watch_content()
