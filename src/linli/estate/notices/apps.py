from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "linli.estate.notices"
    label = "notices"
