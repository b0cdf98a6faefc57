"""The demo's web process: `python -m linli.config.demo_web PORT`, on 127.0.0.1 and on a demo database only."""

from __future__ import annotations

import sys

from linli.config.commands.serve import serve_web

ADDRESS = "127.0.0.1"


def main(port: int) -> None:
    """This will serve the demo's pages until interrupted."""
    import django

    django.setup()
    from django.db import connection

    from linli.spine import installation

    if installation.kind() != "demo":
        sys.exit("This database is not a demo's.")
    connection.close()
    serve_web(host=ADDRESS, port=port, workers=1)


if __name__ == "__main__":
    main(int(sys.argv[1]))
