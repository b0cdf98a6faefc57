from django.apps import AppConfig


class AssemblyConfig(AppConfig):
    name = "linli.estate.assembly"
    label = "assembly"
