from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "linli.estate.intake"
    label = "intake"
