"""The HTTP side: a thread for each of a limited number of kept-alive connections, on 127.0.0.1 only."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from linli.money.payments.gateways.embedded import files, pages, routes
from linli.money.payments.gateways.embedded.provider import Provider
from linli.money.payments.gateways.embedded.routes import Answer, FileAnswer
from linli.money.payments.gateways.embedded.switches import Name, Setting
from linli.money.payments.gateways.protocol import GatewayRefused
from linli.money.payments.gateways.signing import Forged, Identity, NonceCache, Proof, Replayed, Stale

ADDRESS = "127.0.0.1"
MAX_CONNECTIONS = 64
_CROWDED = 48
_IDLE_S = 15
_BODY_LIMIT_BYTES = 1024 * 1024
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost"})
_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_log = logging.getLogger("linli.embedded_provider")


class Server(ThreadingHTTPServer):
    """The listening socket and what every connection needs."""

    daemon_threads = True
    request_queue_size = 128
    provider: Provider  # set once the port, which is part of the provider's URL, is known

    def __init__(self, port: int, identity: Identity) -> None:
        super().__init__((ADDRESS, port), Handler)
        self.identity = identity
        self.nonces = NonceCache()
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._open = 0

    @property
    def crowded(self) -> bool:
        """This will tell whether connections should be given back soon."""
        return self._open > _CROWDED

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        """This will wait for a free place; the kernel queues who comes meanwhile."""
        self._places.acquire()
        self._open += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """This will give the place back with the connection."""
        super().shutdown_request(request)
        self._open -= 1
        self._places.release()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """This will keep quiet about callers who hang up."""
        _log.debug("a connection broke off", exc_info=True)


class _Silence(Exception):
    """Answer nothing and hang up."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "LinliEmbeddedProvider"
    sys_version = ""
    timeout = _IDLE_S
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024

    def do_GET(self) -> None:
        """This will answer a question."""
        self._answer(b"")

    def do_POST(self) -> None:
        """This will take an order."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or "Transfer-Encoding" in self.headers or int(length) > _BODY_LIMIT_BYTES:
            self.close_connection = True
            self._write(
                Answer(b'{"code":"BAD_REQUEST","message":"length"}', status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE), {}
            )
            return
        self._answer(self.rfile.read(int(length)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """This will write no line per request."""

    def _answer(self, body: bytes) -> None:
        if self.server.crowded:
            self.close_connection = True
        try:
            if self.path.startswith("/v1/"):
                self._answer_merchant(body)
            else:
                self._answer_plain(body)
        except _Silence:
            self.close_connection = True
        except ConnectionError:
            self.close_connection = True
        except Exception:
            _log.exception("%s %s failed", self.command, self.path)
            self.close_connection = True
            self._write(Answer(b"failed", "text/plain", HTTPStatus.INTERNAL_SERVER_ERROR), {})

    def _answer_merchant(self, body: bytes) -> None:
        try:
            proof = self._proven(body)
        except (Forged, Stale, Replayed) as error:
            refusal = GatewayRefused("SIGNATURE_REFUSED", str(error))
            answer = Answer(routes.refused(refusal).body, status=HTTPStatus.UNAUTHORIZED)
            self._write(answer, self._signed(answer.body, self.headers.get("Linli-Nonce", "")))
            return
        if self._fault(Name.ERROR_500):
            self._write(Answer(b"internal error", "text/plain", HTTPStatus.INTERNAL_SERVER_ERROR), {})
            return
        try:
            verb, part = routes.find(routes.MERCHANT, self.command, self.path)
            answered = verb(self.server.provider, part, body)
        except GatewayRefused as refusal:
            answered = routes.refused(refusal)
        if silence := self._fault(Name.TIMEOUT):
            time.sleep(silence.seconds)
            raise _Silence
        if self._fault(Name.GARBAGE):
            self._write(Answer(b"<html>\x00 gateway ???", "text/html"), {})
        elif isinstance(answered, FileAnswer):
            self._stream(answered, proof.nonce)
        else:
            self._write(answered, self._signed(answered.body, proof.nonce))

    def _proven(self, body: bytes) -> Proof:
        now_s = int(self.server.provider.now().timestamp())
        proof = Proof.from_headers(dict(self.headers.items()))
        self.server.identity.verifier.check_request(proof, self.command, self.path, body, now_s=now_s)
        self.server.nonces.remember(proof, now_s=now_s)
        return proof

    def _answer_plain(self, body: bytes) -> None:
        path = urlsplit(self.path).path
        as_page = path == "/" or path.startswith(("/pay/", "/sign/"))
        try:
            _admit(self.command, self.headers, as_page=as_page)
            verb, part = routes.find(routes.PLAIN, self.command, path)
            answered = verb(self.server.provider, part, body)
        except GatewayRefused as refusal:
            answered = routes.refused(refusal)
            if as_page:
                answered = Answer(pages.refused_page(refusal.code).encode(), routes.HTML, answered.status)
        if isinstance(answered, Answer):
            self._write(answered, {"Content-Security-Policy": _PAGE_POLICY} if as_page else {})

    def _fault(self, name: Name) -> Setting | None:
        provider = self.server.provider
        if not provider.board.is_set(name):
            return None
        with provider.store.transaction() as db:
            return provider.board.strikes(db, name, self.path)

    def _signed(self, payload: bytes, nonce: str) -> dict[str, str]:
        now_s = int(self.server.provider.now().timestamp())
        usable = nonce if nonce.isascii() and nonce.isalnum() and len(nonce) <= 64 else ""
        return self.server.identity.signer.sign_message(payload, now_s=now_s, nonce=usable).as_headers()

    def _stream(self, answer: FileAnswer, nonce: str) -> None:
        with self.server.provider.store.snapshot() as db:
            digest, length = files.digest_and_length(db, answer.columns, answer.rows)
            with self._head(HTTPStatus.OK, "text/csv; charset=utf-8", length) as headers:
                headers.update({"Linli-Digest": digest, **self._signed(digest.encode(), nonce)})
            for chunk in files.chunks(db, answer.columns, answer.rows):
                self.wfile.write(chunk)
            self.wfile.flush()

    def _write(self, answer: Answer, extra: dict[str, str]) -> None:
        with self._head(answer.status, answer.kind, len(answer.body)) as headers:
            headers.update(extra)
        self.wfile.write(answer.body)
        self.wfile.flush()

    @contextmanager
    def _head(self, status: int, kind: str, length: int) -> Iterator[dict[str, str]]:
        headers = {
            "Content-Type": kind,
            "Content-Length": str(length),
            "X-Linli-Embedded": "yes",
            "Cache-Control": "no-store",
        }
        headers["X-Content-Type-Options"] = "nosniff"
        yield headers
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()


def _admit(method: str, headers: Message, *, as_page: bool) -> None:
    # A browser on this machine may visit strange sites: they must neither pay here nor turn switches, by form or by
    # renamed host.
    if headers.get("Host", "").rsplit(":", 1)[0] not in _LOCAL_NAMES:
        raise GatewayRefused("BAD_REQUEST", "ask for 127.0.0.1")
    if method != "POST":
        return
    if as_page and headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise GatewayRefused("BAD_REQUEST", "the choice is made on this page only")
    if not as_page and headers.get_content_type() != routes.JSON:
        raise GatewayRefused("BAD_REQUEST", "send application/json")
