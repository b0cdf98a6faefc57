from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "linli.money.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
