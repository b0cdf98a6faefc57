"""Reach: how the house reaches people, machines, doors and parcels' custody.

notify, sign_in, handover, lockers, webhooks.
"""
