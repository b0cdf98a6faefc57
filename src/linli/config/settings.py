"""Settings of the Django program, from the environment; nothing secret has a default outside the demo."""

from __future__ import annotations

import json
import os
from pathlib import Path

from linli.config.database import databases
from linli.config.home import home
from linli.config.logs import write_logs

BASE = Path(__file__).resolve().parent.parent
HOME = home()

SECRET_KEY = os.environ.get("LINLI_SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("LINLI_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("LINLI_ORIGINS", "").split(",") if o]
ROOT_URLCONF = "linli.config.urls"
WSGI_APPLICATION = "linli.config.wsgi.application"

MODULES = [
    "linli.spine",
    "linli.ground.places",
    "linli.ground.people",
    "linli.ground.policies",
    "linli.ground.files",
    "linli.ground.chores",
    "linli.reach.handover",
    "linli.reach.lockers",
    "linli.reach.notify",
    "linli.reach.sign_in",
    "linli.reach.webhooks",
    "linli.money.ledger",
    "linli.money.payments",
    "linli.trade.shops",
    "linli.trade.catalogue",
    "linli.trade.stock",
    "linli.trade.delivery",
    "linli.trade.orders",
    "linli.trust.reviews",
    "linli.money.payouts",
    "linli.estate.metering",
    "linli.estate.billing",
    "linli.estate.workorders",
    "linli.estate.patrols",
    "linli.estate.parking",
    "linli.estate.notices",
    "linli.estate.visits",
    "linli.estate.parcels",
    "linli.estate.intake",
    "linli.estate.attachments",
    "linli.estate.permits",
    "linli.estate.assets",
    "linli.estate.contracts",
    "linli.estate.venues",
    "linli.estate.assembly",
    "linli.estate.patterns",
    "linli.insight.demand",
    "linli.insight.replenish",
    "linli.insight.dashboards",
    "linli.faces.shell",
    "linli.faces.openapi",
]
INSTALLED_APPS = ["procrastinate.contrib.django", *MODULES]
PROCRASTINATE_IMPORT_PATHS = ["linli.works.doctor.tasks"]
"""Timed tasks of programs that are no modules; those of modules are found by themselves."""
MIDDLEWARE = ["linli.faces.shell.doorway.Doorway"]
TEMPLATES: list[dict[str, object]] = []  # the faces speak to Jinja themselves: faces/shell/templates.py
RELOAD_TEMPLATES = os.environ.get("LINLI_RELOAD") == "1"
SHOW_GALLERY = os.environ.get("LINLI_GALLERY") == "1"

DEMO = os.environ.get("LINLI_DEMO") == "1"
SESSION_COOKIE_SECURE = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("LINLI_BEHIND_PROXY") == "1" else None
MAP_TILES = os.environ.get("LINLI_MAP_TILES", "")  # https://tiles.example/{z}/{x}/{y}.png; plans are drawn without any
MAP_CREDIT = os.environ.get("LINLI_MAP_CREDIT", "")  # whose streets those are, said beneath each plan
PAY_ORIGINS = [o for o in os.environ.get("LINLI_PAY_ORIGINS", "").split(",") if o]  # a payment form may lead there
BODY_MOST = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

PAYMENT_PROVIDERS: dict[str, dict[str, str]] = json.loads(os.environ.get("LINLI_PAYMENT_PROVIDERS", "{}"))
"""The payment providers by name: `{"name": {"url": ..., "keys": folder}}`; the first one takes new payments."""

LIVE_AT = os.environ.get("LINLI_LIVE", "")
"""Where browsers find the live process: a path of ours (`/live/`), or `:PORT/live/`; `config/parent` knows best."""
LIVE_MOST = int(os.environ.get("LINLI_LIVE_MOST", "5000"))  # streams in all
LIVE_MOST_OF_ADDRESS = int(os.environ.get("LINLI_LIVE_MOST_OF_ADDRESS", "500"))  # a whole street may share one

API_READS_PER_S = float(os.environ.get("LINLI_API_READS_PER_S", "50"))  # of one caller, in one web process
API_WRITES_PER_S = float(os.environ.get("LINLI_API_WRITES_PER_S", "10"))
WEBHOOKS_INSIDE = (
    os.environ.get("LINLI_WEBHOOKS_INSIDE") == "1"
)  # may call http and the house's own net; refused by serve

DATABASES = databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

LOGGING_CONFIG = None
write_logs()
SILENCED_SYSTEM_CHECKS = ["security.W003"]

MESSAGE_GATEWAY = os.environ.get("LINLI_MESSAGE_GATEWAY") or "linli.reach.notify.gateways.MessageRelay"
"""What carries messages to people, as a dotted path; the demo and the tests name the embedded inbox."""
MESSAGE_URL = os.environ.get("LINLI_MESSAGE_URL", "")  # where the operator's own relay listens: docs/messages.md
MESSAGE_SECRET = os.environ.get("LINLI_MESSAGE_SECRET", "")  # whsec_..., known to it and to us
LOCKERS = os.environ.get("LINLI_LOCKERS", "")  # where the operator's bridge to lockers listens: docs/lockers.md
LOCKERS_KEY = os.environ.get("LINLI_LOCKERS_KEY", "")
ROADS = os.environ.get("LINLI_ROADS", "")  # the address of a road engine's table service; without it, beelines
