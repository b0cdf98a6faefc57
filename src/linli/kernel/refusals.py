"""A refusal is the business saying no, in words a person can act on; everything else that raises is a defect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from linli.kernel.facts import module_word


class Refusal(Exception):
    """Base of every refusal. Subclasses stand beside the action that raises them.

    `says` is the sentence in English with named places, the message id of its translation; `code` is stable and
    public (`orders.OutOfStock`); `status` is the HTTP status; `field` names the input that has to change, as a path
    (`lines.0.quantity`), where there is one. The values hold nothing secret or personal: they are shown and
    logged; one that is written otherwise in each language is a mapping of both (`en`, `zh`).
    """

    says: ClassVar[str] = "This is not possible now."
    status: ClassVar[int] = 409
    code: ClassVar[str] = "kernel.Refusal"

    def __init_subclass__(cls) -> None:
        cls.code = f"{module_word(cls.__module__)}.{cls.__name__}"

    def __init__(self, *, field: str | None = None, **values: object) -> None:
        self.field = field
        self.values = values
        super().__init__(self.code, field, values)

    def __str__(self) -> str:
        return self.says.format(**{name: _in_english(value) for name, value in self.values.items()})


def _in_english(value: object) -> object:
    return value.get("en") or next(iter(value.values()), "") if isinstance(value, dict) else value


class NotFound(Refusal):
    """There is no such thing, or it is none of the asker's business; the two are answered alike."""

    says = "There is no such {thing} here."
    status = 404

    def __init__(self, thing: str = "page", *, field: str | None = None) -> None:
        super().__init__(field=field, thing=thing)


class Denied(Refusal):
    """The role does not carry this permission. Strangers get `NotFound` instead."""

    says = "Your role does not allow this."
    status = 403


class Invalid(Refusal):
    """An input cannot be used; `field` names it and `reason` says why."""

    says = "{reason}"
    status = 422

    def __init__(self, field: str, reason: str, **values: object) -> None:
        super().__init__(field=field, reason=reason, **values)

    def __str__(self) -> str:
        return str(self.values["reason"]).format(**{k: v for k, v in self.values.items() if k != "reason"})


class Busy(Refusal):
    """Somebody else holds the same thing; trying again shortly will work."""

    says = "Somebody else is changing this at the moment. Please try again."
    status = 503


def revived(code: str, field: str | None, values: dict[str, Any]) -> Refusal:
    """This will make a refusal anew that was written down, so that a page says it as it would have been said."""
    cls = next((each for each in _all_refusals(Refusal) if each.code == code), Refusal)
    refusal = cls.__new__(cls)
    Refusal.__init__(refusal, field=field, **values)
    return refusal


def _all_refusals(cls: type[Refusal]) -> Iterator[type[Refusal]]:
    yield cls
    for each in cls.__subclasses__():
        yield from _all_refusals(each)
