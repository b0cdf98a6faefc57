"""Fields of a form or of an address, read by type. A field that cannot be used is refused by name with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from linli.kernel.money import Money
from linli.kernel.refusals import Invalid

C = TypeVar("C", bound=StrEnum)
TEXT_MOST = 200
FILE_MOST = 10 * 1024 * 1024
MANY_MOST = 500
YEARS = range(1900, 2200)
"""The years that can be typed: beyond them a zone or a period leads out of the calendar."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Upload:
    """A file as it came, within its size limit; its type is for ground/files to sniff."""

    name: str
    content: bytes


class Fields:
    """The fields of one request. Every reader is strict; the `raw` text is only for showing a form again."""

    def __init__(
        self, values: QueryDict | None = None, files: MultiValueDict[str, UploadedFile[bytes]] | None = None
    ) -> None:
        self._values: QueryDict | None = values
        self._files = files

    def __contains__(self, name: str) -> bool:
        return self._values is not None and name in self._values

    def raw(self, name: str) -> str:
        """This will give what was typed, to show it again; never to act on it."""
        return _CONTROL.sub("", (self._values.get(name) or "" if self._values is not None else "")[:TEXT_MOST])

    def maybe_text(self, name: str, *, most: int = TEXT_MOST) -> str | None:
        """This will read a text without outer spaces, or None where it is empty."""
        text = (self._values.get(name) or "" if self._values is not None else "").strip()
        if len(text) > most:
            raise Invalid(name, "Please use at most {most} characters.", most=most)
        if _CONTROL.search(text):
            raise Invalid(name, "This text contains characters that cannot be used.")
        return text or None

    def text(self, name: str, *, most: int = TEXT_MOST) -> str:
        """This will read a text that has to be there."""
        text = self.maybe_text(name, most=most)
        if text is None:
            raise Invalid(name, "Please fill this in.")
        return text

    def whole(self, name: str, *, low: int = 0, high: int = 1_000_000, default: int | None = None) -> int:
        """This will read a whole number within its limits."""
        text = self.maybe_text(name)
        if text is None and default is not None:
            return default
        if text is None or not re.fullmatch(r"-?\d{1,12}", text, re.ASCII):
            raise Invalid(name, "Please write a whole number.")
        return int(_within(name, Decimal(text), low, high))

    def number(self, name: str, *, low: int = 0, high: int = 1_000_000) -> Decimal:
        """This will read a decimal number within its limits."""
        try:
            value = Decimal(self.text(name, most=20))
        except InvalidOperation:
            raise Invalid(name, "Please write a number.") from None
        if not value.is_finite():
            raise Invalid(name, "Please write a number.")
        return _within(name, value, low, high)

    def maybe_money(self, name: str) -> Money | None:
        """This will read an amount with at most two decimals, or None where it is empty; a currency sign is skipped."""
        text = self.maybe_text(name, most=20)
        if text is None:
            return None
        try:
            return Money.parse(text.lstrip("¥￥ "))
        except ValueError:
            raise Invalid(name, "Please write an amount such as 12.50.") from None

    def money(self, name: str, *, low: Money = Money.zero) -> Money:
        """This will read an amount that has to be there and may not be below `low`."""
        amount = self.maybe_money(name)
        if amount is None:
            raise Invalid(name, "Please fill this in.")
        if amount < low:
            raise Invalid(name, "Please write at least {low}.", low=low)
        return amount

    def id(self, name: str) -> UUID:
        """This will read the id of something."""
        return _id(name, self.text(name))

    def maybe_id(self, name: str) -> UUID | None:
        """This will read the id of something, or None where it is empty."""
        text = self.maybe_text(name)
        return None if text is None else _id(name, text)

    def ids(self, name: str) -> tuple[UUID, ...]:
        """This will read a ticked list of ids."""
        return tuple(_id(name, text) for text in self.many(name))

    def ids_under(self, prefix: str) -> tuple[UUID, ...]:
        """This will read the ids chosen in fields such as `options.<group>`, each of one choice or of several."""
        names = [n for n in self._values or () if n.startswith(prefix + ".")]
        return tuple(_id(prefix, text) for name in names[:MANY_MOST] for text in self.many(name))

    def many(self, name: str) -> tuple[str, ...]:
        """This will read all values of a repeated field."""
        texts = self._values.getlist(name) if self._values is not None else []
        if len(texts) > MANY_MOST:
            raise Invalid(name, "Please choose at most {most}.", most=MANY_MOST)
        if any(len(text) > TEXT_MOST or _CONTROL.search(text) for text in texts):
            raise Invalid(name, "Please choose one of the values offered.")
        return tuple(texts)

    def quantities(self, prefix: str, *, high: int = 999) -> dict[UUID, int]:
        """This will read fields such as `quantity.<id>` into whole numbers by id."""
        names = [n for n in self._values or () if n.startswith(prefix + ".")]
        if len(names) > MANY_MOST:
            raise Invalid(prefix, "Please choose at most {most}.", most=MANY_MOST)
        return {_id(n, n[len(prefix) + 1 :]): self.whole(n, high=high, default=0) for n in names}

    def maybe_day(self, name: str) -> date | None:
        """This will read a day, or None where it is empty."""
        text = self.maybe_text(name)
        if text is None:
            return None
        try:
            on = date.fromisoformat(text)
        except ValueError:
            raise Invalid(name, "Please choose a day.") from None
        if on.year not in YEARS:
            raise Invalid(name, "Please choose a day.")
        return on

    def day(self, name: str) -> date:
        """This will read a day that has to be there."""
        on = self.maybe_day(name)
        if on is None:
            raise Invalid(name, "Please choose a day.")
        return on

    def instant(self, name: str, zone: ZoneInfo) -> datetime:
        """This will read a day with its time (`2026-03-02T09:30`), told in a community's zone."""
        try:
            at = datetime.fromisoformat(self.text(name)[:16]).replace(tzinfo=zone)
        except ValueError:
            raise Invalid(name, "Please choose a day and a time.") from None
        if at.year not in YEARS:
            raise Invalid(name, "Please choose a day and a time.")
        return at

    def choice(self, name: str, choices: type[C]) -> C:
        """This will read one of the values of an enum."""
        try:
            return choices(self.text(name))
        except ValueError:
            raise Invalid(name, "Please choose one of the values offered.") from None

    def flag(self, name: str) -> bool:
        """This will read a tick box."""
        return self.raw(name) in ("1", "on", "true", "yes")

    def maybe_file(self, name: str, *, most: int = FILE_MOST) -> Upload | None:
        """This will read a file within its size limit, or None where none was chosen."""
        file = self._files.get(name) if self._files is not None else None
        if file is None or not file.size:
            return None
        if file.size > most:
            raise Invalid(name, "Please choose a file of at most {most} MB.", most=most // (1024 * 1024))
        return Upload((file.name or "file")[-TEXT_MOST:], file.read())

    def uploads(self, name: str, *, count: int, most: int = FILE_MOST) -> tuple[Upload, ...]:
        """This will read up to so many files chosen in one field, each within its size limit."""
        chosen = [file for file in (self._files.getlist(name) if self._files is not None else ()) if file.size]
        if len(chosen) > count:
            raise Invalid(name, "Please choose at most {most}.", most=count)
        if any((file.size or 0) > most for file in chosen):
            raise Invalid(name, "Please choose a file of at most {most} MB.", most=most // (1024 * 1024))
        return tuple(Upload((file.name or "file")[-TEXT_MOST:], file.read()) for file in chosen)

    def file(self, name: str, *, most: int = FILE_MOST) -> Upload:
        """This will read a file that has to be there."""
        upload = self.maybe_file(name, most=most)
        if upload is None:
            raise Invalid(name, "Please choose a file.")
        return upload


def filters(fields: Fields, allowed: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """This will read filters from an address; a value that is not offered is left out, never an error."""
    return {name: fields.raw(name) for name, values in allowed.items() if fields.raw(name) in values}


def _within(name: str, value: Decimal, low: int, high: int) -> Decimal:
    if value < low:
        raise Invalid(name, "Please write at least {low}.", low=low)
    if value > high:
        raise Invalid(name, "Please write at most {high}.", high=high)
    return value


def _id(name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(name, "Please choose one of the values offered.") from None
