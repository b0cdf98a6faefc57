from django.apps import AppConfig


class DemandConfig(AppConfig):
    name = "linli.insight.demand"
    label = "demand"
