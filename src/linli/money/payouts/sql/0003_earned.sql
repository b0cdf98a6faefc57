-- What the payees of every order have earned, by kind of payee, net of what was taken back; behind the caller's walls.
CREATE FUNCTION payouts_earned() RETURNS TABLE (order_id uuid, kind text, minor bigint) LANGUAGE sql STABLE AS $$
    SELECT l.order_id, l.kind, sum(l.amount_minor)::bigint FROM payouts_line AS l GROUP BY l.order_id, l.kind;
$$;
