"""What a test of orders looks at besides the order: its goods, its money, and the world that a refusal leaves alone."""

from __future__ import annotations

from harness.payments_words import as_the_house, balance


def stock_of(listing):
    return as_the_house("SELECT on_hand, reserved FROM stock_level WHERE variant_id = %s", listing.variant)[0]


def money_of(order):
    """What stands on every account that the order touches."""
    shop, city = order.shop, order.shop.community.city
    company = as_the_house("SELECT company FROM orders_order WHERE id = %s", order.id)[0][0]
    return {
        "escrow": balance(city, f"order_escrow:{order.id}"),
        "merchant": balance(city, f"merchant_pending:{shop.merchant}"),
        "company": balance(city, f"property_pending:{company}:{shop.community.id}"),
        "platform": balance(city, "platform_commission"),
        "delivery": balance(city, f"delivery_payable:{shop.merchant}"),
        "refunds": balance(city, "refund_in_transit:embedded"),
    }


NOTHING = dict.fromkeys(("escrow", "merchant", "company", "platform", "delivery", "refunds"), 0)
SHARED = {**NOTHING, "merchant": -5336, "company": -186, "platform": -278, "delivery": -400}


def world():
    return as_the_house(
        "SELECT (SELECT jsonb_agg(jsonb_build_array(id, state, version, due_at) ORDER BY id) FROM orders_order)::text,"
        " (SELECT count(*) FROM orders_move), (SELECT count(*) FROM ledger_journal), (SELECT count(*) FROM spine_fact),"
        " (SELECT sum(on_hand) FROM stock_level), (SELECT sum(reserved) FROM stock_level),"
        " (SELECT count(*) FROM payments_refund), (SELECT count(*) FROM payouts_line)"
    )
