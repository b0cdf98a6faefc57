from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "linli.ground.policies"
    label = "policies"
