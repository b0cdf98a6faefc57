from django.apps import AppConfig


class ParcelsConfig(AppConfig):
    name = "linli.estate.parcels"
    label = "parcels"
