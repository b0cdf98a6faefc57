-- Charges that a provider holds until their shares are split: what is theirs to give, and fees of days that settle nothing.

-- Of these collections, the charges that are held and paid: what came in, what the provider took for it and what went back.
CREATE FUNCTION payments_held(collections uuid[]) RETURNS TABLE (
    collection uuid, source text, reference text, minor bigint, fee_minor bigint, refunded_minor bigint, paid_at timestamptz
) LANGUAGE sql STABLE AS $$
    SELECT e.collection_id, e.source, e.reference, e.amount_minor, e.fee_minor,
           coalesce((SELECT sum(r.amount_minor) FROM payments_refund AS r WHERE r.collection_id = e.collection_id
                     AND r.charge_reference = e.reference AND r.state <> 'failed'), 0)::bigint, e.occurred_at
    FROM payments_event AS e JOIN payments_attempt AS a ON a.reference = e.reference AND a.source = e.source
    WHERE e.collection_id = ANY(collections) AND e.effect = 'collected' AND a.held AND a.released_at IS NULL;
$$;

-- The lines of a bill that payouts have to do with: shares that were paid out of held charges, and those that came back.
CREATE FUNCTION payments_split_lines(source_ text, day_ date) RETURNS TABLE (
    kind text, reference text, charge_reference text, minor bigint, occurred_at timestamptz
) LANGUAGE sql STABLE AS $$
    SELECT kind, reference, charge_reference, amount_minor, occurred_at FROM payments_bill_line
    WHERE source = source_ AND day = day_ AND kind IN ('split', 'split_return') ORDER BY id;
$$;

-- A day on which everything stays held settles nothing, so no line of the bank books its fees: the bill itself does.
CREATE FUNCTION payments_settle_nothing(source_ text, day_ date, at_ timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    reference_ text;
    b record;
BEGIN
    FOR b IN SELECT currency, sum(net_minor) AS net FROM payments_bill_line WHERE source = source_ AND day = day_
             GROUP BY currency HAVING sum(net_minor) = 0 AND sum(fee_minor) FILTER (WHERE kind = 'charge') <> 0 LOOP
        reference_ := 'settlement-' || day_ || '-' || b.currency;
        PERFORM payments_settle(source_, day_, reference_, 'custody', NULL, b.currency::text, 0, at_);
    END LOOP;
END $$;
