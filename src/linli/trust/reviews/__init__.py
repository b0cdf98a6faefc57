"""Reviews: what buyers say about what they bought, one for each order, and how a shop stands with them.

Words: a *purchase* is a completed order that its buyer may review; a *review* has one to five stars, words and
pictures, and may get one *reply* of the shop; a *rating* is what the stars of a shop come to.

Invariants: only the buyer of a completed order reviews it, once, within the community's days; a review is written by
its buyer and never by the house (the database refuses it); a review is never changed; the rating's formula is public
(`docs/rules/rating.md`) and computed from the reviews alone.

Doors: actions.{write_review, reply_to_review, note_purchases}; queries.{shop_rating, shop_ratings, shop_reviews,
may_review, my_review, reviews_to_answer}; rules (ReviewPolicy, rating); events (ReviewWritten, ReviewAnswered).
"""
