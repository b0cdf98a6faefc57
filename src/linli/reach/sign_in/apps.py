from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "linli.reach.sign_in"
    label = "sign_in"
