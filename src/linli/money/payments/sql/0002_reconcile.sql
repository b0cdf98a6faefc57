-- Reconciliation, set by set: the bill of a day against our events, by reference.

-- The collection that a line of the bill is about, by the charge it names.
CREATE FUNCTION payments_city_of(charge_reference text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT city FROM payments_collection WHERE id = payments_thing(charge_reference);
$$;

-- What does not agree on a day. A line is looked for on every day: what happened at midnight stands in the next bill.
CREATE FUNCTION payments_disagreements(source_ text, day_ date, from_ timestamptz, to_ timestamptz)
RETURNS TABLE (kind text, reference text, charge_reference text, ours bigint, theirs bigint) LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN b.kind = 'refund' THEN 'REFUND_MISMATCH'
                WHEN e.id IS NULL THEN 'LOCAL_MISSING'
                WHEN b.status <> 'succeeded' THEN 'STATUS_MISMATCH'
                ELSE 'AMOUNT_MISMATCH' END,
           b.reference, b.charge_reference, e.amount_minor, b.amount_minor
    FROM payments_bill_line AS b
    LEFT JOIN payments_event AS e ON e.source = b.source AND e.reference = b.reference AND e.kind = b.kind
        AND e.outcome = 'success'
    WHERE b.source = source_ AND b.day = day_ AND b.kind IN ('charge', 'refund')
      AND (e.id IS NULL OR b.status <> 'succeeded' OR e.amount_minor <> b.amount_minor)
    UNION ALL
    SELECT CASE e.kind WHEN 'refund' THEN 'REFUND_MISMATCH' ELSE 'CHANNEL_MISSING' END,
           e.reference, c.id::text, e.amount_minor, NULL
    FROM payments_event AS e LEFT JOIN payments_collection AS c ON c.id = e.collection_id
    WHERE e.source = source_ AND e.kind IN ('charge', 'refund') AND e.outcome = 'success'
      AND e.occurred_at >= from_ AND e.occurred_at < to_
      AND NOT EXISTS (SELECT FROM payments_bill_line AS b
                      WHERE b.source = e.source AND b.kind = e.kind AND b.reference = e.reference);
$$;

-- Writes down what does not agree and closes what does now (the provider mended its bill, a late line came). Answers how
-- many differences of the source stand open.
CREATE FUNCTION payments_reconcile(source_ text, day_ date, from_ timestamptz, to_ timestamptz, at_ timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO payments_difference (id, city, source, day, kind, reference, collection, our_minor, their_minor,
                                     in_suspense_minor, detail, state, how, opened_at)
    SELECT gen_random_uuid(), payments_city_of(d.charge_reference), source_, day_, d.kind, d.reference,
           payments_thing(d.charge_reference), d.ours, d.theirs, 0, 'bill', 'open', '', at_
    FROM payments_disagreements(source_, day_, from_, to_) AS d
    ON CONFLICT (source, kind, reference) DO NOTHING;
    UPDATE payments_difference AS f SET state = 'resolved', how = 'agrees now', resolved_at = at_
    WHERE f.source = source_ AND f.state = 'open' AND f.detail = 'bill' AND f.in_suspense_minor = 0
      AND (f.day = day_ OR EXISTS (SELECT FROM payments_bill_line AS b WHERE b.source = source_ AND b.day = day_
                                   AND b.reference = f.reference))
      AND NOT EXISTS (SELECT FROM payments_disagreements(source_, f.day, from_ + (f.day - day_) * interval '1 day',
                                                         to_ + (f.day - day_) * interval '1 day') AS d
                      WHERE d.kind = f.kind AND d.reference = f.reference);
    RETURN (SELECT count(*) FROM payments_difference WHERE source = source_ AND state = 'open');
END $$;

-- The bank has booked what the provider settled for a day. Per city the lines of the bill say how much of it cleared and
-- what it cost; what no line explains waits on suspense in the account's own city. Answers 'matched', 'difference', or
-- 'no bill' when the day's bill has not been read yet (then nothing is posted, and the line is tried again).
CREATE FUNCTION payments_settle(source_ text, day_ date, reference_ text, account_ text, home uuid, currency_ text,
                                amount_ bigint, at_ timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    unexplained bigint;
    cities uuid[];
    nets bigint[];
    fees bigint[];
BEGIN
    IF NOT EXISTS (SELECT FROM payments_bill WHERE source = source_ AND day = day_) THEN
        RETURN 'no bill';
    END IF;
    SELECT array_agg(g.city ORDER BY g.city), array_agg(g.net ORDER BY g.city), array_agg(g.fee ORDER BY g.city),
           amount_ - coalesce(sum(g.net), 0)
    INTO cities, nets, fees, unexplained
    FROM (SELECT c.city, sum(b.net_minor)::bigint AS net,
                 coalesce(sum(b.fee_minor) FILTER (WHERE b.kind = 'charge'), 0)::bigint AS fee
          FROM payments_bill_line AS b JOIN payments_collection AS c ON c.id = payments_thing(b.charge_reference)
          WHERE b.source = source_ AND b.day = day_ AND b.currency = currency_ GROUP BY c.city) AS g;
    IF cities IS NOT NULL THEN
        PERFORM ledger_post(
            array_agg('settlement:' || source_ || ':' || reference_ ORDER BY g.k),
            array_agg('platform:' || g.city ORDER BY g.k), array_agg(currency_ ORDER BY g.k),
            array_agg(reference_ ORDER BY g.k), array_agg('psp_settled'::text ORDER BY g.k), array_agg(at_ ORDER BY g.k),
            array_agg(g.k::int ORDER BY g.k) || array_agg(g.k::int ORDER BY g.k) || array_agg(g.k::int ORDER BY g.k),
            array_agg('bank:' || account_) || array_agg('psp_fees'::text) || array_agg('psp_clearing:' || source_),
            array_agg(g.net ORDER BY g.k) || array_agg(g.fee ORDER BY g.k) || array_agg(-g.net - g.fee ORDER BY g.k))
        FROM (SELECT u.city, u.net, u.fee, row_number() OVER (ORDER BY u.city) AS k
              FROM unnest(cities, nets, fees) AS u(city, net, fee) WHERE u.net <> 0 OR u.fee <> 0) AS g
        HAVING count(*) > 0;
    END IF;
    IF unexplained = 0 THEN
        RETURN 'matched';
    END IF;
    PERFORM payments_unexplained(source_, day_, reference_, account_, home, currency_, unexplained, amount_ - unexplained,
                                 amount_, at_);
    RETURN 'difference';
END $$;

-- Money on a bank account that nobody can place stands on suspense, and a difference says so.
CREATE FUNCTION payments_unexplained(source_ text, day_ date, reference_ text, account_ text, city_ uuid, currency_ text,
    minor bigint, ours bigint, theirs bigint, at_ timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_post(ARRAY['unexplained:' || source_ || ':' || reference_], ARRAY['platform:' || city_], ARRAY[currency_],
        ARRAY[reference_], ARRAY['to_suspense'], ARRAY[at_], ARRAY[1, 1], ARRAY['bank:' || account_, 'suspense'],
        ARRAY[minor, -minor]);
    INSERT INTO payments_difference (id, city, source, day, kind, reference, our_minor, their_minor, in_suspense_minor,
                                     currency, detail, state, how, opened_at)
    VALUES (gen_random_uuid(), city_, source_, day_, CASE WHEN ours IS NULL THEN 'LOCAL_MISSING' ELSE 'AMOUNT_MISMATCH' END,
            reference_, ours, theirs, minor, currency_, 'bank', 'open', '', at_)
    ON CONFLICT (source, kind, reference) DO NOTHING;
END $$;
