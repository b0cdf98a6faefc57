from django.apps import AppConfig


class PatternsConfig(AppConfig):
    name = "linli.estate.patterns"
    label = "patterns"
