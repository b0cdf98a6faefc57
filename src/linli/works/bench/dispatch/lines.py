"""Lets any other program be the feeder: a line of JSON in for each minute, a line of JSON out with what was decided."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

import msgspec

from linli.works.bench.dispatch.messages import Init, Step
from linli.works.bench.dispatch.player import Player


class NotUnderstood(Exception):
    """A line that is no message of the contract, or comes before the first."""


def answer(lines: Iterable[str], out: TextIO) -> None:
    """This will answer each step with a list of instructions; a new `init` begins another day."""
    decoder, encoder = msgspec.json.Decoder(Init | Step), msgspec.json.Encoder()
    player: Player | None = None
    for nth, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            message = decoder.decode(line)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise NotUnderstood(f"Line {nth} is no message: {error}") from error
        if isinstance(message, Init):
            player = Player(message)
        elif player is None:
            raise NotUnderstood(f"Line {nth} is a step, and no day has begun")
        else:
            out.write(encoder.encode(player(message)).decode() + "\n")
            out.flush()
