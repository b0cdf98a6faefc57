-- The second way out: the provider pays a payee its share of a charge that it holds. One payout is one share of one charge.
-- What cannot be split (cash, transfers, charges that are released, too old or at their cap) leaves through the bank.

-- Claims, payee by payee and charge by charge, the available lines whose charge is held; as payouts_draw, it nets what the
-- payee owes, stamps the lines and moves the rest to payout_in_transit. Answers the payouts.
CREATE FUNCTION payouts_draw_split(city_ uuid, most_bp int, days int, most int, at_ timestamptz) RETURNS uuid[]
LANGUAGE plpgsql AS $$
DECLARE
    free bigint[];
    g record;
    one uuid;
    drawn uuid[] := '{}';
BEGIN
    free := ARRAY(SELECT l.id FROM payouts_line AS l JOIN payouts_payee AS p ON p.id = l.payee
                  WHERE l.city = city_ AND l.state = 'available' AND l.collection IS NOT NULL AND p.held_at IS NULL
                    AND p.split_receiver <> '' ORDER BY l.id LIMIT most FOR UPDATE OF l SKIP LOCKED);
    FOR g IN
        SELECT l.payee, l.kind, l.community, l.currency, h.source, h.reference, min(p.split_receiver) AS receiver,
               array_agg(l.id ORDER BY l.id) AS lines, sum(l.amount_minor - l.reversed_minor)::bigint AS minor,
               least(h.minor * most_bp / 10000, h.minor - h.fee_minor - h.refunded_minor) AS room
        FROM payouts_line AS l JOIN payouts_payee AS p ON p.id = l.payee
        JOIN payments_held(ARRAY(SELECT DISTINCT f.collection FROM payouts_line AS f WHERE f.id = ANY(free))) AS h
            ON h.collection = l.collection
        WHERE l.id = ANY(free) AND h.paid_at + days * interval '1 day' > at_
        GROUP BY l.payee, l.kind, l.community, l.currency, h.source, h.reference, h.minor, h.fee_minor, h.refunded_minor
        HAVING sum(l.amount_minor - l.reversed_minor) > 0 ORDER BY min(l.id)
    LOOP
        one := payouts_draw_share(city_, g.payee, g.kind, g.community, g.currency::text, g.source, g.reference, g.receiver,
                                  g.lines, g.minor, g.room, at_);
        drawn := drawn || one;
    END LOOP;
    RETURN array_remove(drawn, NULL);
END $$;

-- One share, or NULL where the charge has no room for it or the payee's account holds nothing.
CREATE FUNCTION payouts_draw_share(
    city_ uuid, payee_ uuid, kind_ text, community_ uuid, currency_ text, source_ text, charge text, receiver text,
    lines bigint[], minor bigint, room bigint, at_ timestamptz
) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    account constant text := payouts_available(kind_, payee_, community_);
    debts constant text[] := payouts_owed_by(payee_);
    held constant bigint[] := ledger_hold('platform:' || city_, account || debts);
    gross constant bigint := least(minor, greatest(0, -held[1]));
    off_addresses text[];
    off_minors bigint[];
    netted bigint;
    new_ constant uuid := payouts_new_id();
BEGIN
    SELECT array_agg(o.address ORDER BY o.k), array_agg(-o.off ORDER BY o.k), coalesce(sum(o.off), 0)
    INTO off_addresses, off_minors, netted FROM (
        SELECT d.address, d.k, least(d.owed, greatest(0, gross - coalesce(sum(d.owed) OVER (
            ORDER BY d.k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)))::bigint AS off
        FROM (SELECT x.address, x.k, greatest(0, x.owed) AS owed
              FROM unnest(debts, held[2:]) WITH ORDINALITY AS x(address, owed, k)) AS d) AS o WHERE o.off > 0;
    IF gross = 0 OR gross - netted > room - coalesce((
        SELECT sum(p.amount_minor) FROM payouts_payout AS p WHERE p.charge_reference = charge AND p.source = source_
        AND p.state NOT IN ('failed', 'returned')), 0)
    THEN
        RETURN NULL;
    END IF;
    INSERT INTO payouts_payout (id, city, payee, currency, gross_minor, netted_minor, amount_minor, leg_addresses,
                                leg_minors, back_addresses, back_minors, receiver_name, receiver_account, receiver_bank,
                                way, source, charge_reference, state, reason, calls, drawn_at, due_at)
    VALUES (new_, city_, payee_, currency_, gross, netted, gross - netted, account || coalesce(off_addresses, '{}'),
            gross || coalesce(off_minors, '{}'), CASE WHEN gross > netted THEN ARRAY[account] ELSE '{}' END,
            CASE WHEN gross > netted THEN ARRAY[gross - netted] ELSE '{}' END, '', receiver, '',
            'split', source_, charge, CASE WHEN gross = netted THEN 'settled' ELSE 'drawn' END, '', 0, at_,
            CASE WHEN gross > netted THEN at_ END);
    UPDATE payouts_line SET payout = new_, state = CASE WHEN gross = netted THEN 'paid' ELSE 'in_payout' END
    WHERE id = ANY(lines);
    INSERT INTO payouts_claim (payout_id, line_id, minor)
    SELECT new_, l.id, l.amount_minor - l.reversed_minor FROM payouts_line AS l WHERE l.id = ANY(lines) ORDER BY l.id;
    PERFORM payouts_post_draw(ARRAY[new_], at_);
    RETURN new_;
END $$;

-- The provider's bill of a day against the shares of its charges. A line settles its payout, or brings it back; what does
-- not fit stands as a difference, and is closed again by a later bill that mends it. Answers how many lines found theirs.
CREATE FUNCTION payouts_match_bill(source_ text, day_ date, from_ timestamptz, to_ timestamptz, at_ timestamptz)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    b record;
    said text;
    done int := 0;
BEGIN
    FOR b IN SELECT * FROM payments_split_lines(source_, day_) LOOP
        said := payouts_record('bill:' || source_, b.kind || ':' || b.reference,
                               CASE b.kind WHEN 'split' THEN 'payout' ELSE 'payout_return' END, b.reference, '', b.minor, '',
                               b.occurred_at, at_);
        IF said = 'unknown' THEN
            PERFORM payments_open_difference(NULL, NULL, source_, 'LOCAL_MISSING', b.reference, NULL, b.minor, 0, at_);
        ELSIF said = 'wrong' THEN
            PERFORM payments_open_difference(NULL, NULL, source_, 'AMOUNT_MISMATCH', b.reference,
                (SELECT amount_minor FROM payouts_payout WHERE id = payments_thing(b.reference)), b.minor, 0, at_);
        ELSE
            done := done + 1;
        END IF;
    END LOOP;
    PERFORM payments_open_difference(p.city, NULL, source_, 'CHANNEL_MISSING', p.id::text, p.amount_minor, NULL, 0, at_)
    FROM payouts_payout AS p JOIN payouts_event AS e ON e.payout_id = p.id AND e.signal = 'transfer_succeeded'
    WHERE p.way = 'split' AND p.source = source_ AND p.state = 'accepted'
      AND e.occurred_at >= from_ AND e.occurred_at < to_;
    UPDATE payments_difference AS f SET state = 'resolved', how = 'agrees now', resolved_at = at_
    FROM payouts_payout AS p
    WHERE f.source = source_ AND f.state = 'open' AND f.kind = 'CHANNEL_MISSING' AND p.id::text = f.reference
      AND p.state IN ('settled', 'returned');
    RETURN done;
END $$;
