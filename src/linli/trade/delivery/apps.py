from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "linli.trade.delivery"
    label = "delivery"
