from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SpineConfig(AppConfig):
    name = "linli.spine"
    label = "spine"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every process knows every reaction: whoever drains the outbox must miss none (tasks are found alike)."""
        autodiscover_modules("reactions")
