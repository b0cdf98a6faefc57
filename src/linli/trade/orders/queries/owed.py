"""What of an order is still to be taken in cash, as every card and page of orders says it."""

TO_PAY = """jsonb_build_object('minor', CASE WHEN o.payment = 'cash' AND o.paid_at IS NULL
    AND o.state NOT IN ('refused', 'cancelled') THEN o.goods_minor + o.delivery_fee_minor - o.refunded_fee_minor - (
    SELECT coalesce(sum(w.refunded_minor), 0)::bigint FROM orders_line AS w WHERE w.order_id = o.id) ELSE 0 END)"""
