"""Orders: from a basket over several shops to goods in a home and every fen in its place.

Words: a *basket* is what a person means to buy in a community; a *checkout* is what is paid once (its prices *locked*,
then placed); an *order* is one shop's part of it, a *line* one thing in it; a *stage* is a step of a line's price; a
*share* is a payee's part of a line, frozen at sale; a *move* is a step in a life, with who, when and why.

Invariants: a request names things and the server computes every amount; a price shown is kept while its checkout is
locked; stages and shares of a line add up to its price; what is refunded of a line never exceeds it and every payee
gives back its part; the escrow of an order that ended is zero; every waiting state has a deadline and somebody it waits
for, and a clock that ends it; one decision is one SQL function, whole or not at all.

Doors: actions (basket, lock_checkout, place_checkout, order_now, mark_paid, accept ... close, refunds); queries
(basket_page, quote, checkout_page, order_page, my_orders, shop_board, refund_requests, commission_lines, versions);
events; rules.
"""
