from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    name = "linli.estate.patrols"
    label = "patrols"
