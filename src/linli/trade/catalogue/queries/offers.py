"""What a variant costs in a community and whether it is seen there: pieces of SQL about variant `v` in zone `s`."""

from __future__ import annotations

# What the community, its district and its city say of variant `v`, each found by its key: OFFSET 0 keeps the planner
# from reading all the offers of a place for each listing.
OFFERS = """
    LEFT JOIN LATERAL (SELECT * FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = %s OFFSET 0) oc ON true
    LEFT JOIN LATERAL
        (SELECT * FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = s.district OFFSET 0) od ON true
    LEFT JOIN LATERAL
        (SELECT * FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = s.city OFFSET 0) oy ON true
"""
PRICE = "coalesce(oc.price_minor, od.price_minor, oy.price_minor, v.price_minor)"
VISIBLE = "v.listed AND coalesce(oc.visible, od.visible, oy.visible, true)"
