from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "linli.reach.webhooks"
    label = "webhooks"
