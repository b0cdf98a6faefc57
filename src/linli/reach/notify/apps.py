from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "linli.reach.notify"
    label = "notify"
