from django.apps import AppConfig


class ChoresConfig(AppConfig):
    name = "linli.ground.chores"
    label = "chores"
