"""Billing: what a home owes its property company, why, and by whom it is paid.

Words: an *item* (收费项目) is what is charged for; a *tariff* (收费标准) is what it costs, in versions that follow each
other in time; an *assignment* says which homes it is charged to, and since when; a *month* of a community is drafted,
looked at, issued and closed; a *line* is one charge with its *reason*, a *bill* the lines of a home, an obligor and a
month; a *receipt* is money that came, and *allocations* say which lines it paid.

Invariants: days are cut where tariff or obligor change, and no cut changes a total; what cannot be worked out is
stopped and told, never billed as nothing; an issued line never changes, it is credited by one of opposite sign; a line
is never paid or credited beyond its amount; receivable accounts equal what is open, line by line; one charge for an
item, a home and a day.

Doors: rules.{ready, charge, draft, obligors, month_parts, price_of, late_fee, allocate, tiered, used, rent_steps};
actions.{add_item, retire_item, set_tariff, set_home_facts, assign, end_assignment, draft_month, issue_month,
credit_line, close_month, take_payment}.
"""
