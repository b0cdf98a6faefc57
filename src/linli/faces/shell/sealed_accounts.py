"""A bank account is looked at once more before it is set: what was typed travels sealed, its last digits come again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core import signing

from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.kernel.refusals import Invalid
from linli.money.payouts.rules import checked_account

SEAL = "linli.receiver"
SEAL_S = 15 * 60


@dataclass(frozen=True)
class Typed:
    """An account as somebody typed it, and the seal under which it comes back to be confirmed."""

    name: str
    account: str
    bank: str
    sealed: str


def typed(form: Fields, *, of: UUID) -> Typed:
    """This will read an account that is meant for one payee or shop; nothing is set yet."""
    name, account, bank = form.text("name", most=80), form.text("account", most=60), form.text("bank", most=80)
    digits = checked_account(account)
    return Typed(name, digits, bank, signing.dumps([str(of), name, digits, bank], salt=SEAL))


def confirmed(form: Fields, *, of: UUID) -> Typed:
    """This will give the account that was looked at, if its last digits were typed again in time."""
    sealed = form.maybe_text("sealed", most=2000) or ""
    try:
        whose, name, account, bank = signing.loads(sealed, salt=SEAL, max_age=SEAL_S)
    except (signing.BadSignature, ValueError):
        raise Invalid("account", _("This took too long. Please type the account again.")) from None
    if whose != str(of) or form.text("tail", most=4) != account[-4:]:
        raise Invalid("account", _("The last four digits differ. Please type the account again."))
    return Typed(name, account, bank, sealed)
