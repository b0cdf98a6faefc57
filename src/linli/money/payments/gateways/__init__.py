"""The outside world of payments: a payment provider that holds money in custody.

`protocol` says what any provider must answer, in plain values; `signing` how the two sides prove who speaks; `client`
speaks to a provider over HTTP; `embedded` is a provider of our own that moves no real money, in its own process, for
demonstration, replay and tests.

Words: a *charge* is one collection, a *transfer* a payout from the custody bank, a *split* a payout inside the
provider, the *bill* the provider's list of a day, the *bank file* what the custody bank booked on a day.
Invariants: our own reference is the key of every call, so that repeating one changes nothing and altering one is
refused; nothing that a provider says is believed unless its signature holds; a day's bill sums to one settlement line
in the next day's bank file.
Doors: none. Only payments and payouts, its neighbours, speak to a gateway.
"""
