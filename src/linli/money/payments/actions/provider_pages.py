"""What every way to a provider's page gives, or says where the provider is away."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.refusals import Refusal
from linli.kernel.words import _


class ProviderAway(Refusal):
    """The provider gave no answer; the attempt is kept and can be asked for again."""

    says = _("The payment provider does not answer at the moment. Please try again.")
    status = 503


@dataclass(frozen=True, slots=True)
class PayPage:
    """Where the payer pays: open `url`, or scan `qr_text`."""

    url: str
    qr_text: str
