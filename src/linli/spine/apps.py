from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SpineConfig(AppConfig):
    name = "linli.spine"
    label = "spine"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every process knows every fact and every reaction: who drains the outbox must read all and miss none."""
        autodiscover_modules("events", "reactions")
