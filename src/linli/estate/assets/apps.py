from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "linli.estate.assets"
    label = "assets"
