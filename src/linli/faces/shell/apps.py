from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "linli.faces.shell"
    label = "shell"
