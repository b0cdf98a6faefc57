from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "linli.estate.contracts"
    label = "contracts"
