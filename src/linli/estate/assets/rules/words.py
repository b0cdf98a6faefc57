"""The kinds that assets know."""

from __future__ import annotations

from enum import StrEnum


class AssetKind(StrEnum):
    LIFT = "lift"
    PUMP = "pump"
    FIRE = "fire_equipment"
    POWER = "power_supply"
    LIGHTING = "lighting"
    CAMERA = "camera"
    ACCESS = "access_control"
    AIR = "air_conditioning"
    PLAY = "playground"
    FURNITURE = "furniture"
    TOOL = "tool"
    VEHICLE = "vehicle"
    OTHER = "other"


class PaperKind(StrEnum):
    MANUAL = "manual"
    CERTIFICATE = "certificate"
    INVOICE = "invoice"
    PHOTO = "photo"
    OTHER = "other"


class Outcome(StrEnum):
    OK = "ok"
    FINDING = "finding"


class Seen(StrEnum):
    """What a stock-taking found of an asset."""

    UNSEEN = "unseen"
    SEEN = "seen"
    ELSEWHERE = "elsewhere"
    DAMAGED = "damaged"
    MISSING = "missing"


DIFFERENT = (Seen.UNSEEN, Seen.ELSEWHERE, Seen.DAMAGED, Seen.MISSING)
"""What is not as the register says."""
