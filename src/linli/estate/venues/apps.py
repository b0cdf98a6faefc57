from django.apps import AppConfig


class VenuesConfig(AppConfig):
    name = "linli.estate.venues"
    label = "venues"
