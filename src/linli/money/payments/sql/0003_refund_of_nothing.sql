-- Money back the way it came: the caller's legs and refund_in_transit in one journal. sqlstate LP001: never more than was
-- captured; LP002: nothing was captured. A refund of nothing (a coupon paid for it all) posts its legs and is confirmed
-- at once.
CREATE OR REPLACE FUNCTION payments_request_refunds(
    refunds uuid[], collections uuid[], amounts bigint[], documents text[],
    leg_refunds int[], leg_addresses_ text[], leg_minors_ bigint[], at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was text := linli_role();
    walls text;
    wrong uuid;
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM 1 FROM payments_collection WHERE id = ANY(collections) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO payments_refund (id, collection_id, source, charge_reference, address, amount_minor, document, automatic,
                                 state, nth, calls, reason, requested_at, asked_at, due_at)
    SELECT a.refund, a.collection, e.source, e.reference, e.address, a.amount, a.document, false,
           'requested', 1, 0, '', at, at, CASE WHEN e.source NOT IN ('cash', 'bank') THEN at END
    FROM unnest(refunds, collections, amounts, documents) WITH ORDINALITY AS a(refund, collection, amount, document, n)
    JOIN payments_event AS e ON e.collection_id = a.collection AND e.effect = 'collected'
    WHERE a.amount <> 0 ORDER BY a.n;
    SELECT c INTO wrong FROM unnest(collections) AS c
    WHERE NOT EXISTS (SELECT FROM payments_event AS e WHERE e.collection_id = c AND e.effect = 'collected') LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'nothing was captured for %', wrong USING ERRCODE = 'LP002';
    END IF;
    SELECT r.collection_id INTO wrong FROM payments_refund AS r JOIN payments_collection AS c ON c.id = r.collection_id
    WHERE r.collection_id = ANY(collections) AND NOT r.automatic
    GROUP BY r.collection_id, c.amount_minor HAVING sum(r.amount_minor) > c.amount_minor LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'more would be refunded than was captured for %', wrong USING ERRCODE = 'LP001';
    END IF;
    PERFORM ledger_post(
        array_agg('refund:' || a.refund ORDER BY a.n), array_agg('platform:' || c.city ORDER BY a.n),
        array_agg(c.currency::text ORDER BY a.n), array_agg(a.document ORDER BY a.n),
        array_agg('refund_requested'::text ORDER BY a.n), array_agg(at ORDER BY a.n),
        leg_refunds || array_agg(a.n::int ORDER BY a.n),
        leg_addresses_ || array_agg('refund_in_transit:' || e.source ORDER BY a.n),
        leg_minors_ || array_agg(-a.amount ORDER BY a.n))
    FROM unnest(refunds, collections, amounts, documents) WITH ORDINALITY AS a(refund, collection, amount, document, n)
    JOIN payments_collection AS c ON c.id = a.collection
    JOIN payments_event AS e ON e.collection_id = c.id AND e.effect = 'collected';
    IF 0 = ANY(amounts) THEN
        PERFORM outbox_tell(array_agg('payments.RefundConfirmed'::text), array_agg(jsonb_build_object(
            'at', at, 'refund', a.refund, 'collection', c.id, 'purpose', c.purpose, 'for_', c.for_id,
            'amount', jsonb_build_object('minor', 0), 'automatic', false) ORDER BY a.n))
        FROM unnest(refunds, collections, amounts) WITH ORDINALITY AS a(refund, collection, amount, n)
        JOIN payments_collection AS c ON c.id = a.collection WHERE a.amount = 0;
    END IF;
    walls := set_config('linli.role', was, true);
END $$;
