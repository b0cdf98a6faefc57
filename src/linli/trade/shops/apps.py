from django.apps import AppConfig


class ShopsConfig(AppConfig):
    name = "linli.trade.shops"
    label = "shops"
