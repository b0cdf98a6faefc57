from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "linli.trade.catalogue"
    label = "catalogue"
