"""Replenish: when a household needs the next of a thing, from its own purchases, and a proposal to bring it in time.

Words: a *commodity* is what a home runs out of, whatever the brand (rice, cooking oil); a *state* is six numbers of a
household's purchases of one; *due* is the day by which half of such households have bought again; a delivery *lands*
when it comes at most seven days before and two days after the purchase it replaces; *confidence* is the chance of that.
"""
