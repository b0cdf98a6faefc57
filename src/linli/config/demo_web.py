"""The demo's web process, worker and live process, on a demo database only.

`python -m linli.config.demo_web PORT [--no-worker]`
"""

from __future__ import annotations

import signal
import sys
import time

from linli.config import parent
from linli.config.database import held
from linli.config.home import home

ADDRESS = "127.0.0.1"
LOOK_S = 0.2


def main(port: int, *, has_worker: bool) -> None:
    """This will serve the demo's pages on 127.0.0.1 until interrupted.

    It holds the database as well: a starter that was killed cannot stop it, and then nobody else would.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # until the pages are served
    with held():
        import django

        django.setup()
        from django.db import connection

        from linli.spine import installation

        if installation.kind() != "demo":
            sys.exit("This database is not a demo's.")
        connection.close()
        from linli.works.ports import any_free_port

        live_port = any_free_port(range(port + 1, port + 100))
        parent.serve(host=ADDRESS, port=port, workers=1, worker=work if has_worker else None, live_port=live_port)


def work() -> None:
    """This will begin to work when the town stands: its past is played on a clock of its own."""
    from linli.works.demo.unfinished import is_unfinished

    while is_unfinished(home() / "demo"):
        time.sleep(LOOK_S)
    parent.work()


if __name__ == "__main__":
    main(int(sys.argv[1]), has_worker="--no-worker" not in sys.argv)
