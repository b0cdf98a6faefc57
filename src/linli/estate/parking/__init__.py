"""Parking: who may drive in, where they stand, what a stay costs, and who pays for it.

Words: a *lot* (车场) has *spaces* (车位), a child space standing behind its mother; a *holding* says whose a space is
and until when; a *vehicle* belongs to a home; a *session* is one stay of one plate; a *tariff* says from a day on what
temporary stays cost; a *voucher* is a giver's word that it bears part of a stay.

Invariants: a plate is inside a community once; the tariff of the day of entry holds for the whole stay; the steps of a
fee sum to it; however a stay is paid, its total is the same; a payment is promised for the minutes of grace and what
comes later goes back; who pays does not learn whose a plate is; a machine's event takes effect once; money stands in
the company's book, and a prepaid voucher is a debt of the company until it is used or ends.

Doors: rules.{parking_fee, admission, plate, nearest}; actions, queries and events as docs/doors.md lists them.
"""
