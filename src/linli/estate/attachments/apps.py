from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    name = "linli.estate.attachments"
    label = "attachments"
