"""Payments: how money is collected, refunded and confirmed, and what the payment provider says about it."""
