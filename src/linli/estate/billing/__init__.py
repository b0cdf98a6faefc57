"""Billing: what a home owes, why, and by whom it is paid."""
