from django.apps import AppConfig


class ReplenishConfig(AppConfig):
    name = "linli.insight.replenish"
    label = "replenish"
