"""A web server of files as a measure: nginx with one body, where the machine has it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import urllib3

from linli.works.ports import ADDRESS

READY_LIMIT_S = 10.0
_SETTINGS = """
{user}worker_processes auto; daemon off; pid {folder}/pid; error_log {folder}/errors;
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; etag on; keepalive_requests 100000000; default_type "text/html; charset=utf-8";
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen {address}:{port}; root {folder}/site; }}
}}
"""


def program() -> str | None:
    """This will find nginx: what LINLI_NGINX names, or one on the path."""
    return os.environ.get("LINLI_NGINX") or shutil.which("nginx")


@contextmanager
def serving(nginx: str, body: bytes, folder: Path, *, port: int) -> Iterator[int]:
    """This will serve the body at `/shelf` inside the block, and give the process to meter."""
    (folder / "site").mkdir(parents=True, exist_ok=True)
    (folder / "site" / "shelf").write_bytes(body)
    user = "user root root;\n" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    settings = folder / "nginx.conf"
    settings.write_text(_SETTINGS.format(user=user, folder=folder, address=ADDRESS, port=port), encoding="utf-8")
    command = [nginx, "-p", str(folder), "-c", str(settings)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - as named
    try:
        _wait(process, port, body)
        yield process.pid
    finally:
        process.terminate()
        process.wait(READY_LIMIT_S)


def _wait(process: subprocess.Popen[bytes], port: int, body: bytes) -> None:
    until = time.monotonic() + READY_LIMIT_S
    while process.poll() is None and time.monotonic() < until:
        try:
            said = urllib3.request("GET", f"http://{ADDRESS}:{port}/shelf", timeout=2.0, retries=False)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.05)
            continue
        if said.data == body:
            return
    raise RuntimeError("nginx does not serve the body")
