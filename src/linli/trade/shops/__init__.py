"""Shops: who sells here, where, when, and on what terms.

Words: a *shop* belongs to a merchant (a party, who is paid); a *licence* is a document with a number and an expiry; a
shop's *zone* is the communities it serves, derived from 3 km around it and editable; an *opening* is an interval of a
weekday in minutes, which may run over midnight; a *pause* is a rush that ends by itself; *terms* are the commission in
a community and the property company's share of it, dated.

Invariants: a shop that is not approved sells nothing; terms of one shop in one community never overlap (the database
holds it); each move of a shop's life leaves a row saying who, when and why; an opening belongs to the day it begins,
and a holiday closes the days it names, not the night before them.

Doors: actions.{apply, reapply, submit_licence, judge_licence, approve, refuse, suspend, reinstate, close,
set_communities, set_opening, set_holidays, pause, resume, set_delivery, set_cash, set_terms}; queries.{sale_terms,
shops_near, names, shop, my_shops, applications}; rules; events. SQL: `shops_serving(community)`.
"""
