from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "linli.estate.billing"
    label = "billing"
