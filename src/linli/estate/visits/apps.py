from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "linli.estate.visits"
    label = "visits"
