"""The embedded provider's process: `python -m linli.money.payments.gateways.embedded --home DIR --callback-url URL`."""

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path

from linli.money.payments.gateways.embedded.callbacks import Dispatcher
from linli.money.payments.gateways.embedded.provider import Provider
from linli.money.payments.gateways.embedded.server import ADDRESS, Server
from linli.money.payments.gateways.embedded.store import HomeInUse, Store
from linli.money.payments.gateways.embedded.switches import Switchboard
from linli.money.payments.gateways.embedded.terms import Terms
from linli.money.payments.gateways.signing import provider_identity

PORT_FILE = "port"
KEYS = "keys"
# Each connection is a thread that needs little.
_STACK_BYTES = 512 * 1024


def main(argv: list[str] | None = None) -> int:
    """This will run the provider until it is told to stop."""
    options = _options(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    threading.stack_size(_STACK_BYTES)
    try:
        store = Store(options.home)
    except HomeInUse as error:
        sys.stderr.write(f"{error}\n")
        return 1
    identity = provider_identity(options.home / KEYS)
    dispatcher = Dispatcher(store, identity.signer, options.callback_url, pace=options.pace)
    with Server(options.port, identity) as server:
        port = int(server.server_address[1])
        with store.transaction() as db:
            board = Switchboard(db)
        terms = Terms(
            fee_bp=options.fee_bp,
            split_cap_bp=options.split_cap_bp,
            split_days=options.split_days,
            notice_h=options.notice_hours,
        )
        url = f"http://{ADDRESS}:{port}"
        server.provider = Provider(
            store=store, board=board, terms=terms, url=url, pace=options.pace, wake=dispatcher.wake
        )
        # shutdown() waits for serve_forever, which runs in this very thread: so it is asked for from another one.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
        dispatcher.start()
        _write_port(options.home / PORT_FILE, port)
        sys.stdout.write(f"embedded provider ready: {url}\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.2)
    dispatcher.stop()
    store.close()
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="linli-embedded-provider", description="Linli's embedded payment provider: no real money moves."
    )
    parser.add_argument("--home", type=Path, required=True, help="folder for its database, keys and port file")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--callback-url", required=True, help="where events are told, by signed POST")
    parser.add_argument(
        "--pace", type=float, default=1.0, help="factor on every wait: 0.1 makes retries ten times faster"
    )
    usual = Terms()
    parser.add_argument("--fee-bp", type=int, default=usual.fee_bp, help="fee in basis points of a charge")
    parser.add_argument(
        "--split-cap-bp", type=int, default=usual.split_cap_bp, help="most of a charge that may be split"
    )
    parser.add_argument(
        "--split-days", type=int, default=usual.split_days, help="days after payment in which a charge may be split"
    )
    parser.add_argument(
        "--notice-hours", type=int, default=usual.notice_h, help="hours before a deduction in which its payer is told"
    )
    options = parser.parse_args(argv)
    if not (0 < options.pace <= 1000 and 0 <= options.fee_bp <= 10_000 and 0 <= options.split_cap_bp <= 10_000):
        parser.error("pace must be above 0 and at most 1000, basis points between 0 and 10000")
    return options


def _write_port(path: Path, port: int) -> None:
    aside = path.with_suffix(".new")
    aside.write_text(f"{port}\n", encoding="ascii")
    os.replace(aside, path)


if __name__ == "__main__":
    sys.exit(main())
