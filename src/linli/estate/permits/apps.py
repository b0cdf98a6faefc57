from django.apps import AppConfig


class PermitsConfig(AppConfig):
    name = "linli.estate.permits"
    label = "permits"
