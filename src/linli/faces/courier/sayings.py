"""What a courier is told of a code that did not open anything, and of a step of a shift; put into a language later."""

from __future__ import annotations

from linli.kernel.words import _
from linli.reach.handover.rules import Redeemed

TRIED = {
    Redeemed.WRONG: _("This is not the code of this order."),
    Redeemed.LOCKED: _("Too many wrong codes. Wait a quarter of an hour, or take a picture."),
    Redeemed.CLOSED: _("This order has no code any more. Take a picture instead."),
}
STEPS = {
    "taking": _("The shift is yours."),
    "return": _("Somebody else may take it now."),
    "start": _("Your shift has begun. Offers come by themselves."),
    "end": _("Your shift has ended. Thank you."),
}
