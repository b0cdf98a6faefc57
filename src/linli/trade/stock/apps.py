from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "linli.trade.stock"
    label = "stock"
