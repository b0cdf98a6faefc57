"""What money comes in for."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What money came for, or went back of; together they are all that moves through a company's tills and banks."""

    BILL = "bills"
    """For lines of bills, with what is kept of it for bills to come."""
    TERM = "months_ahead"
    """For months ahead."""
    DEPOSIT = "deposits"
    WALLET = "wallets"
    PARKING = "stays_of_cars"
    """For a stay of a car, at the barrier or on the phone."""
    SHARED_SPACE = "shared_spaces"
    """For the hours of a neighbour's parking space, the holder's part and the company's."""
