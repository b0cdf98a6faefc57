from django.apps import AppConfig


class WorkOrdersConfig(AppConfig):
    name = "linli.estate.workorders"
    label = "workorders"
