from django.apps import AppConfig


class MeteringConfig(AppConfig):
    name = "linli.estate.metering"
    label = "metering"
