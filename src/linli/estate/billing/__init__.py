"""Billing: what is owed to a property company for homes, spaces and contracts, why, and by whom it is paid.

Words: an *item* (收费项目) is what is charged for; a *tariff* (收费标准) is what it costs, in versions that follow each
other in time; an *assignment* says which *subjects* (homes, parking spaces, contracts) it is charged to, and since
when; a *month* of a community is drafted, looked at, issued and closed; a *line* is one charge with its *reason*, a
*bill* the lines of a subject, an obligor and a month, or one occasion (its *source*); a *receipt* is money that came,
*allocations* say which lines it paid, and its *rest* is kept for bills to come.

Invariants: days are cut where tariff or obligor change, and no cut changes a total; what cannot be worked out is
stopped and told, never billed as nothing; an issued line never changes, it is credited by one of opposite sign; a line
is never paid or credited beyond its amount; receivable accounts equal what is open, line by line; one charge for an
item, a subject and a day, and for a source.

Doors: rules.{ready, charge, draft, obligors, month_parts, price_of, late_fee, allocate, tiered, used, rent_steps};
actions.{add_item, ensure_item, retire_item, set_tariff, set_home_facts, assign, assign_subject, end_assignment,
draft_month, issue_month, close_month, charge_once, cancel_charge, credit_line, take_payment, begin_payment,
ask_deposit, ask_waiver, refund_line, ask_invoice and what answers them}; queries; events.
"""
