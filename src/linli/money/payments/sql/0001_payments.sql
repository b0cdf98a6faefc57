-- The doors of payments in SQL. They cross the wall as the house itself (linli.role is 'system' inside and is put back):
-- the action that calls them has decided that its caller may. Every function locks the collection first, then decides.

CREATE FUNCTION payments_balances(amount bigint, minors bigint[]) RETURNS boolean LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
AS $$
DECLARE
    total bigint := amount;
    minor bigint;
BEGIN
    FOREACH minor IN ARRAY minors LOOP
        total := total + minor;
    END LOOP;
    RETURN total = 0;
END $$;

-- The id that leads a reference of ours, or NULL: '<uuid>' or '<uuid>-<nth>'.
CREATE FUNCTION payments_thing(reference text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN reference ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(-\d{1,4})?$'
            THEN left(reference, 36)::uuid END;

-- Collections with their plans; answers how many. A sum of nothing (a coupon pays all) is collected at once.
CREATE FUNCTION payments_request(
    collections uuid[], purposes text[], fors uuid[], cities uuid[], payers uuid[], amounts bigint[],
    leg_collections int[], leg_addresses_ text[], leg_minors_ bigint[],
    expires_ats timestamptz[], at timestamptz, currency_ text DEFAULT 'CNY'
) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    was text := linli_role();
    walls text;
    i int;
    asked int;
BEGIN
    walls := set_config('linli.role', 'system', true);
    INSERT INTO payments_collection (id, purpose, for_id, city, payer, amount_minor, currency,
                                     leg_addresses, leg_minors, expires_at, requested_at)
    SELECT c.id, c.purpose, c.for_id, c.city, c.payer, c.amount, currency_,
           ARRAY(SELECT address FROM unnest(leg_collections, leg_addresses_, leg_minors_) AS l(of_nth, address, minor)
                 WHERE of_nth = c.nth AND minor <> 0),
           ARRAY(SELECT minor FROM unnest(leg_collections, leg_minors_) AS l(of_nth, minor)
                 WHERE of_nth = c.nth AND minor <> 0),
           c.expires_at, at
    FROM unnest(collections, purposes, fors, cities, payers, amounts, expires_ats) WITH ORDINALITY
        AS c(id, purpose, for_id, city, payer, amount, expires_at, nth);
    GET DIAGNOSTICS asked = ROW_COUNT;
    IF 0 = ANY(amounts) THEN
        FOR i IN SELECT n FROM unnest(amounts) WITH ORDINALITY AS a(amount, n) WHERE amount = 0 ORDER BY n LOOP
            PERFORM payments_record('house', 'charge:success:' || collections[i], 'charge', 'success',
                                    collections[i]::text, '', '', 0, 0, currency_, at, at);
        END LOOP;
    END IF;
    walls := set_config('linli.role', was, true);
    RETURN asked;
END $$;

-- The one handler of everything that anybody tells about money: under the lock of its collection the effect is decided,
-- the event is kept with it (unique by source and external id), and then the effect is carried out. Answers the effect,
-- or 'repeated'. `spare` becomes the id of the refund when the money has to go back by itself.
CREATE FUNCTION payments_record(
    source_ text, external_id_ text, kind_ text, outcome_ text, reference_ text, provider_reference_ text,
    address_ text, amount_ bigint, fee_ bigint, currency_ text, occurred_at_ timestamptz, at timestamptz,
    spare uuid DEFAULT gen_random_uuid()
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    was text := linli_role();
    walls text;
    c payments_collection;
    r payments_refund;
    effect_ text := 'noted';
    seen record;
BEGIN
    walls := set_config('linli.role', 'system', true);
    IF kind_ = 'refund' THEN
        SELECT * INTO r FROM payments_refund WHERE id = payments_thing(reference_) AND source = source_;
        SELECT * INTO c FROM payments_collection WHERE id = r.collection_id FOR NO KEY UPDATE;
        SELECT * INTO r FROM payments_refund WHERE id = r.id;
        effect_ := payments_refund_effect(r, outcome_, reference_, amount_);
    ELSE
        SELECT * INTO c FROM payments_collection WHERE id = payments_thing(reference_) FOR NO KEY UPDATE;
        IF c.id IS NULL AND outcome_ = 'success' THEN
            effect_ := 'unknown';
        ELSIF kind_ = 'chargeback' AND outcome_ = 'success' THEN
            effect_ := 'charged_back';
        ELSIF kind_ = 'charge' AND outcome_ = 'success' THEN
            SELECT coalesce(bool_or(e.effect = 'collected'), false) AS collected,
                   coalesce(bool_or(e.effect = 'closed'), false) AS closed
            INTO seen FROM payments_event AS e WHERE e.collection_id = c.id;
            effect_ := CASE
                WHEN amount_ <> c.amount_minor OR currency_ <> c.currency THEN 'wrong_amount'
                WHEN seen.collected THEN 'twice'
                WHEN seen.closed THEN 'after_close'
                WHEN at >= c.expires_at THEN 'after_expiry'
                ELSE 'collected' END;
        END IF;
    END IF;
    INSERT INTO payments_event (collection_id, refund, source, external_id, kind, outcome, reference, provider_reference,
                                address, amount_minor, fee_minor, currency, effect, occurred_at, recorded_at)
    VALUES (c.id, r.id, source_, external_id_, kind_, outcome_, reference_, provider_reference_,
            address_, amount_, fee_, currency_, effect_, occurred_at_, at)
    ON CONFLICT DO NOTHING;  -- (source, external_id), said by no name: naming them would be reading, behind a wall
    IF NOT FOUND THEN
        walls := set_config('linli.role', was, true);
        RETURN 'repeated';
    END IF;
    IF kind_ = 'refund' THEN
        PERFORM payments_settle_refund(c, r, effect_, source_, reference_, address_, amount_, fee_, currency_, at);
    ELSIF effect_ <> 'noted' THEN
        effect_ := payments_settle_charge(c, effect_, source_, reference_, address_, amount_, currency_, at, spare);
    END IF;
    IF kind_ IN ('charge', 'cancel') AND outcome_ = 'success' THEN
        UPDATE payments_attempt SET ask_at = NULL WHERE reference = reference_ AND ask_at IS NOT NULL;
    END IF;
    walls := set_config('linli.role', was, true);
    RETURN effect_;
END $$;

CREATE FUNCTION payments_refund_effect(r payments_refund, outcome_ text, reference_ text, amount_ bigint)
RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN r.id IS NULL THEN 'unknown'
        WHEN outcome_ = 'request' THEN 'noted'
        WHEN outcome_ = 'success' AND (r.state = 'confirmed' OR r.amount_minor <> amount_) THEN 'refund_astray'
        WHEN outcome_ = 'success' THEN 'refunded'
        WHEN r.state <> 'sent' OR reference_ <> r.id || CASE WHEN r.nth > 1 THEN '-' || r.nth ELSE '' END THEN 'noted'
        WHEN r.nth < 3 THEN 'refund_to_retry'
        ELSE 'refund_failed' END;
$$;

-- What the success of a charge moves, tells and opens; answers its effect.
CREATE FUNCTION payments_settle_charge(
    c payments_collection, effect_ text, source_ text, reference_ text, address_ text, amount_ bigint, currency_ text,
    at timestamptz, spare uuid
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    journals bigint[];
    rang boolean;
    document_ text := 'collection:' || c.id;
    why text := CASE effect_ WHEN 'after_close' THEN 'closed' WHEN 'after_expiry' THEN 'expired' WHEN 'twice' THEN 'twice' END;
BEGIN
    IF effect_ = 'collected' THEN
        IF amount_ > 0 THEN
            journals := payments_post('capture:' || c.id, c, document_, 'capture', at,
                                      address_ || c.leg_addresses, amount_ || c.leg_minors);
        ELSIF cardinality(c.leg_addresses) > 0 THEN
            journals := payments_post('capture:' || c.id, c, document_, 'capture', at, c.leg_addresses, c.leg_minors);
        END IF;
        rang := outbox_tell(ARRAY['payments.Collected'], ARRAY[jsonb_build_object(
            'at', at, 'collection', c.id, 'purpose', c.purpose, 'for_', c.for_id, 'city', c.city,
            'amount', jsonb_build_object('minor', amount_))]);
    ELSIF why IS NOT NULL THEN
        PERFORM payments_post('capture:' || reference_ || ':' || source_, c, document_, 'capture_to_refund', at,
                              ARRAY[address_, 'refund_in_transit:' || source_], ARRAY[amount_, -amount_]);
        INSERT INTO payments_refund (id, collection_id, source, charge_reference, address, amount_minor, document, automatic,
                                     state, nth, calls, reason, requested_at, asked_at, due_at)
        VALUES (spare, c.id, source_, reference_, address_, amount_, document_, true, 'requested', 1, 0, why, at, at,
                CASE WHEN source_ NOT IN ('cash', 'bank') THEN at END);
        PERFORM outbox_tell(ARRAY['payments.CollectedTooLate'], ARRAY[jsonb_build_object(
            'at', at, 'collection', c.id, 'purpose', c.purpose, 'for_', c.for_id, 'refund', spare, 'why', why,
            'amount', jsonb_build_object('minor', amount_))]);
    ELSIF effect_ = 'wrong_amount' THEN
        PERFORM payments_to_suspense('capture:' || reference_ || ':' || source_, c, source_, 'AMOUNT_MISMATCH', reference_,
                                     address_, c.amount_minor, amount_, currency_, at);
    ELSIF effect_ = 'charged_back' THEN
        PERFORM payments_to_suspense('chargeback:' || reference_ || ':' || source_, c, source_, 'STATUS_MISMATCH', reference_,
                                     address_, amount_, -amount_, currency_, at);
    ELSIF effect_ = 'unknown' THEN
        PERFORM payments_open_difference(NULL, NULL, source_, 'LOCAL_MISSING', reference_, NULL, amount_, 0, at);
    END IF;
    RETURN effect_;
END $$;

-- What the outcome of a refund moves, tells and opens.
CREATE FUNCTION payments_settle_refund(
    c payments_collection, r payments_refund, effect_ text, source_ text, reference_ text, address_ text,
    amount_ bigint, fee_ bigint, currency_ text, at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told jsonb := jsonb_build_object('at', at, 'refund', r.id, 'collection', c.id, 'purpose', c.purpose, 'for_', c.for_id,
                                     'amount', jsonb_build_object('minor', r.amount_minor));
BEGIN
    IF effect_ = 'refunded' THEN
        UPDATE payments_refund SET state = 'confirmed', due_at = NULL WHERE id = r.id;
        PERFORM payments_post('refunded:' || r.id, c, r.document, 'refund_confirmed', at,
            ARRAY['refund_in_transit:' || r.source, address_] || CASE WHEN fee_ < 0 THEN ARRAY[address_, 'psp_fees'] ELSE '{}' END,
            ARRAY[amount_, -amount_] || CASE WHEN fee_ < 0 THEN ARRAY[-fee_, fee_] ELSE '{}' END);
        PERFORM outbox_tell(ARRAY['payments.RefundConfirmed'], ARRAY[told || jsonb_build_object('automatic', r.automatic)]);
    ELSIF effect_ = 'refund_astray' THEN
        PERFORM payments_to_suspense('refunded:' || reference_, c, source_, 'REFUND_MISMATCH', reference_,
                                     address_, -r.amount_minor, -amount_, currency_, at);
    ELSIF effect_ = 'refund_to_retry' THEN
        UPDATE payments_refund SET state = 'requested', nth = nth + 1, asked_at = at,
            due_at = at + (ARRAY[60, 600, 3600])[nth] * interval '1 second' WHERE id = r.id;
    ELSIF effect_ = 'refund_failed' THEN
        UPDATE payments_refund SET state = 'failed', due_at = NULL WHERE id = r.id;
        PERFORM outbox_tell(ARRAY['payments.RefundFailed'], ARRAY[told || jsonb_build_object('reason', r.reason)]);
    ELSIF effect_ = 'unknown' AND amount_ > 0 THEN
        PERFORM payments_open_difference(NULL, NULL, source_, 'REFUND_MISMATCH', reference_, NULL, -amount_, 0, at);
    END IF;
END $$;

-- One journal in the book of the collection's city.
CREATE FUNCTION payments_post(key text, c payments_collection, document text, kind text, at timestamptz,
                              addresses text[], minors bigint[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
BEGIN
    RETURN ledger_post(ARRAY[key], ARRAY['platform:' || c.city], ARRAY[c.currency::text], ARRAY[document], ARRAY[kind],
                       ARRAY[at], array_fill(1, ARRAY[cardinality(addresses)]), addresses, minors);
END $$;

-- Money that we cannot place: it stands on suspense until somebody decides, and the difference says so. `theirs` moved.
-- A book has one currency: money in another is only written down as a difference.
CREATE FUNCTION payments_to_suspense(key text, c payments_collection, source_ text, kind_ text, reference_ text,
    address_ text, ours bigint, theirs bigint, currency_ text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF currency_ = c.currency THEN
        PERFORM payments_post(key, c, 'collection:' || c.id, 'to_suspense', at,
                              ARRAY[address_, 'suspense'], ARRAY[theirs, -theirs]);
    END IF;
    PERFORM payments_open_difference(c.city, c.id, source_, kind_, reference_, ours, theirs,
                                     CASE WHEN currency_ = c.currency THEN theirs ELSE 0 END, at);
END $$;

CREATE FUNCTION payments_open_difference(city_ uuid, collection_ uuid, source_ text, kind_ text, reference_ text,
    ours bigint, theirs bigint, in_suspense bigint, at timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO payments_difference (id, city, source, day, kind, reference, collection, our_minor, their_minor,
                                     in_suspense_minor, detail, state, how, opened_at)
    VALUES (gen_random_uuid(), city_, source_, (at AT TIME ZONE 'Asia/Shanghai')::date, kind_, reference_, collection_,
            ours, theirs, in_suspense, '', 'open', '', at)
    ON CONFLICT (source, kind, reference) DO NOTHING;
$$;

-- Nobody shall pay these any more. Answers those that are closed now; one that is collected already stays so and is
-- not among them: its caller must not cancel what was paid.
CREATE FUNCTION payments_close(collections uuid[], why text, at timestamptz) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    was text := linli_role();
    walls text;
    closed uuid[];
    newly uuid[];
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM 1 FROM payments_collection WHERE id = ANY(collections) ORDER BY id FOR NO KEY UPDATE;
    closed := ARRAY(SELECT c.id FROM payments_collection AS c WHERE c.id = ANY(collections) AND NOT EXISTS (
        SELECT FROM payments_event AS e WHERE e.collection_id = c.id AND e.effect = 'collected') ORDER BY c.id);
    WITH kept AS (
        INSERT INTO payments_event (collection_id, source, external_id, kind, outcome, reference, provider_reference,
                                    address, amount_minor, fee_minor, currency, effect, occurred_at, recorded_at)
        SELECT c.id, 'house', 'cancel:success:' || c.id, 'cancel', 'success', c.id::text, '', '', 0, 0, c.currency, 'closed',
               at, at
        FROM payments_collection AS c WHERE c.id = ANY(closed) ORDER BY c.id
        ON CONFLICT (source, external_id) DO NOTHING RETURNING collection_id
    ) SELECT array_agg(collection_id ORDER BY collection_id) INTO newly FROM kept;
    IF newly IS NOT NULL THEN
        PERFORM outbox_tell(array_agg('payments.CollectionClosed'::text), array_agg(jsonb_build_object(
            'at', at, 'collection', c.id, 'purpose', c.purpose, 'for_', c.for_id, 'why', why) ORDER BY c.id))
        FROM payments_collection AS c WHERE c.id = ANY(newly);
    END IF;
    walls := set_config('linli.role', was, true);
    RETURN closed;
END $$;

-- Money back the way it came: the caller's legs and refund_in_transit in one journal. sqlstate LP001: never more than was
-- captured; LP002: nothing was captured. A refund of nothing (a coupon paid for it all) posts its legs and is confirmed
-- at once.
CREATE FUNCTION payments_request_refunds(
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

-- How collections stand, derived from their events. Whoever sees a collection sees this of it.
CREATE VIEW payments_standing WITH (security_invoker = true) AS
SELECT c.id, c.purpose, c.for_id, c.city, c.payer, c.amount_minor, c.currency, c.expires_at,
       coalesce(e.captured_minor, 0)::bigint AS captured_minor,
       coalesce(e.refunded_minor, 0)::bigint AS refunded_minor,
       coalesce(e.collected, false) AS collected, coalesce(e.closed, false) AS closed, e.source
FROM payments_collection AS c
LEFT JOIN LATERAL (
    SELECT sum(x.amount_minor) FILTER (WHERE x.effect = 'collected') AS captured_minor,
           sum(x.amount_minor) FILTER (WHERE x.effect = 'refunded' AND NOT r.automatic) AS refunded_minor,
           bool_or(x.effect = 'collected') AS collected, bool_or(x.effect = 'closed') AS closed,
           max(x.source) FILTER (WHERE x.effect = 'collected') AS source
    FROM payments_event AS x LEFT JOIN payments_refund AS r ON r.id = x.refund WHERE x.collection_id = c.id
) AS e ON true;

SELECT spine_keep_plans('^payments_(request|record|close|request_refunds)$');
