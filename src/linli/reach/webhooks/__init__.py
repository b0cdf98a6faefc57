"""Webhooks: what happened is sent to addresses that a merchant or the platform named, signed and tried again.

Words: a *subscription* is an address with a secret and the kinds of events it wants, of one shop or (for the platform)
of all; a *delivery* is one message on its way to one subscription; to *re-send* is to queue the same message again.

Invariants: messages carry ids and values, never persons; every message is signed as the Standard Webhooks
specification says, with a secret that is shown once and stored encrypted; an address is resolved, refused unless all of
its addresses are public, and the one that was checked is the one that is called; redirects are not followed; a call has
a limit on its time; a delivery is claimed before it is sent and tried a limited number of times; a subscription that
fails again and again is switched off.

Doors: rules; actions.{subscribe, change, rotate_secret, enable, remove, queue, resend, send_due, forget_old};
queries.{subscriptions, deliveries}.
"""
