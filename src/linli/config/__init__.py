"""Config: the one place that wires everything: settings, urls, WSGI, the worker, the database's roles, the command."""
