"""Replenish: when a household needs the next of a thing, from its own purchases, and a proposal to bring it in time.

Words: a *commodity* is what a home runs out of, whatever the brand (rice, cooking oil); a *household* is those of a
home whose purchases count together, all who share or one person alone; a *state* is six numbers of its purchases of one
commodity; *due* is the day by which half of such households have bought again; a delivery *lands* when it comes at most
seven days before and two days after the purchase it replaces; *confidence* is the chance of that; a *study* is what the
engine learnt, about nobody; a *turn* is one time of a standing order; a *refill* is a visit of the property company
that fills the bin with what comes and takes the old away.

Invariants: nothing is kept of who has not asked, and all of it goes with the consent, the residency or the person;
medicine, adult and infants' goods are never noted; after one purchase (or one "not yet") the same thing is proposed
once; nothing is ordered without a yes, to each turn or to all of a standing order, and a turn is ordered once; no
place in a next basket can be bought; nobody is sent for goods that are not paid for; an order adds nothing to its own
transaction, and is noted once however often it is told; while too little is known, or with a study of another version,
the renewal serves alone and the page says so.

Doors: actions (begin, end, tell_bought, accept, put_off, refuse, standing orders, take_next_basket, map_listing,
keep_commodity; by facts and clock note_orders, rebuild, propose, learn_baskets, place_turn, send_refills, lapse);
queries (my_page, refill_offers, next_basket, taxonomy, mapped_listings); rules (the engine, measures, taxonomy). See
docs/rules/replenishment.md and next-basket.md.
"""
