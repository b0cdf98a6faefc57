"""Catalogue: what shops sell, in which variants, at which price in which place, and how it is found.

Words: a *category* stands in a tree with names in two languages; a *listing* is a thing a shop sells (packaged, fresh
or prepared); a *variant* is what is bought (its own label, price, measure and barcode; `tracked` when stock is kept of
it); an *option* is chosen within a *group* of a prepared listing and costs money and minutes; an *offer* changes a
variant's price or visibility in a city, a district or a community.

Invariants: the most specific offer wins, for price and for visibility apart; a listing without a visible variant is not
on the shelf; whether stock is kept of a variant never changes; search words are made here and stored with the listing;
the shelf is one statement and its pages follow a stable key.

Doors: queries.{shelf, prices, listing_page, shop_listings, categories, owners}; actions (listings, variants, options,
offers, categories, preview_listings and import_listings); rules; events. SQL: `catalogue_is_untracked(variant)`.
"""
