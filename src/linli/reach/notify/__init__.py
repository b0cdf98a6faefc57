"""Notify: how the house says something to a person outside a page: a text message now, other channels later.

Words: a *message* is a template with values, addressed to a party (or, while signing in, to a bare phone number); the
*gateway* carries it; the *relay* is the operator's own program that passes it on to a provider (docs/messages.md); the
*embedded inbox* is the demo's gateway, a page where the messages can be read, and says so.

Invariants: a message's values are ids, labels and amounts, never secrets, except a sign-in code, which is only ever
handed to the gateway and stands in no queue, fact or job; bodies kept by the embedded inbox are erased after a
retention; every send has a time limit, a retry rule and a last try.

Doors: rules.{TEMPLATES, render}, actions.{queue_message, queue_messages, queue_letters, send_now,
erase_old_bodies}, queries.{inbox, letters}.
"""
