from django.apps import AppConfig


class ParkingConfig(AppConfig):
    name = "linli.estate.parking"
    label = "parking"
