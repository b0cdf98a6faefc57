from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "linli.ground.people"
    label = "people"
