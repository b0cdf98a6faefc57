-- The doors of payouts in SQL. They cross the wall as the house itself: who calls them has decided that it may.
-- Locks go lines -> payouts -> ledger accounts; the release and the draw skip lines that somebody else holds.

-- A UUIDv7 of now.
CREATE FUNCTION payouts_new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(r, 14, 3)
            || '8' || substr(r, 18, 15))::uuid
    FROM (SELECT replace(gen_random_uuid()::text, '-', '') AS r) AS random;
$$;

CREATE FUNCTION payouts_hold_days(kind text, days smallint) RETURNS int LANGUAGE sql IMMUTABLE
RETURN coalesce(days, CASE kind WHEN 'merchant' THEN 7 ELSE 1 END);

-- The account in which a line's money stands once it is released; before, a merchant's and a company's stand apart.
CREATE FUNCTION payouts_available(kind text, payee uuid, community uuid) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE kind WHEN 'merchant' THEN 'merchant_available:' || payee
                 WHEN 'property' THEN 'property_available:' || payee || ':' || community
                 ELSE 'delivery_payable:' || payee END;

CREATE FUNCTION payouts_pending(kind text, payee uuid, community uuid) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE kind WHEN 'merchant' THEN 'merchant_pending:' || payee
                 WHEN 'property' THEN 'property_pending:' || payee || ':' || community END;

CREATE FUNCTION payouts_waterfall(kind text, payee uuid, community uuid) RETURNS text[] LANGUAGE sql IMMUTABLE
RETURN CASE kind
    WHEN 'merchant' THEN ARRAY['merchant_pending:' || payee, 'merchant_available:' || payee,
                               'guarantee_deposit:' || payee, 'merchant_receivable:' || payee]
    WHEN 'property' THEN ARRAY['property_pending:' || payee || ':' || community,
                               'property_available:' || payee || ':' || community, 'property_receivable:' || payee]
    ELSE ARRAY['delivery_payable:' || payee, 'payee_receivable:' || payee] END;

-- What payees earned. Lines of nothing are left out. A payee's own hold days decide; without them `available_at`, which
-- the caller takes from the city's policy. `collections` names what was collected for each: its charge may be split.
CREATE FUNCTION payouts_add_lines(
    cities uuid[], payees uuid[], kinds text[], orders uuid[], communities uuid[], amounts bigint[],
    available_ats timestamptz[], at timestamptz, currency_ text DEFAULT 'CNY', collections uuid[] DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    INSERT INTO payouts_line (city, payee, kind, order_id, community, currency, amount_minor, reversed_minor, document,
                              collection, state, available_at, created_at)
    SELECT x.city, x.payee, x.kind, x.order_id, x.community, currency_, x.amount, 0, 'order:' || x.order_id, x.collection,
           'pending',
           coalesce(at + p.hold_days * interval '1 day', x.available_at, at + payouts_hold_days(x.kind, NULL) * interval '1 day'), at
    FROM unnest(cities, payees, kinds, orders, communities, amounts, available_ats, collections) WITH ORDINALITY
        AS x(city, payee, kind, order_id, community, amount, available_at, collection, n)
    LEFT JOIN payouts_payee AS p ON p.id = x.payee
    WHERE x.amount <> 0 ORDER BY x.n;
    walls := set_config('linli.role', was, true);
END $$;

-- Takes parts of earnings back: a reversal line per part, pointing to the original, and the legs of the waterfall for
-- the caller to post in the same transaction (the accounts are held until it ends). A part that was taken back under
-- the same document before gives no legs. sqlstate LO001: there is no such earning; LO002: more than was earned.
CREATE FUNCTION payouts_reverse_lines(
    payees uuid[], kinds text[], orders uuid[], communities uuid[], amounts bigint[], documents text[], at timestamptz
) RETURNS TABLE (n int, address text, minor bigint) LANGUAGE plpgsql AS $$
DECLARE
    was text := linli_role();
    walls text;
    x record;
    left_ bigint;
    part bigint;
    i int;
    held jsonb := '{}';
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM 1 FROM payouts_line AS l
    WHERE l.order_id = ANY(orders) AND l.payee = ANY(payees) AND l.reverses_id IS NULL ORDER BY l.id FOR NO KEY UPDATE;
    SELECT g.k INTO x FROM unnest(payees, kinds, orders) WITH ORDINALITY AS g(payee, kind, order_id, k)
    WHERE NOT EXISTS (SELECT FROM payouts_line AS l WHERE l.order_id = g.order_id AND l.payee = g.payee
                      AND l.kind = g.kind AND l.reverses_id IS NULL) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'no such earning to take back: number %', x.k USING ERRCODE = 'LO001';
    END IF;
    SELECT coalesce(jsonb_object_agg(h.book || ' ' || h.address, greatest(-h.balance, 0)), '{}') INTO held FROM (
        SELECT b.book, a.address, a.balance
        FROM (SELECT w.book, array_agg(DISTINCT w.address) AS addresses FROM (
                  SELECT 'platform:' || l.city AS book, unnest(payouts_waterfall(l.kind, l.payee, l.community)) AS address
                  FROM payouts_line AS l
                  WHERE l.order_id = ANY(orders) AND l.payee = ANY(payees) AND l.reverses_id IS NULL
              ) AS w GROUP BY w.book ORDER BY w.book) AS b,
             LATERAL unnest(b.addresses, ledger_hold(b.book, b.addresses)) AS a(address, balance)
    ) AS h;
    FOR x IN
        WITH given AS (
            SELECT g.k, l.id AS line, l.city, g.payee, g.kind, l.community, g.amount, g.document
            FROM unnest(payees, kinds, orders, amounts, documents) WITH ORDINALITY
                AS g(payee, kind, order_id, amount, document, k)
            JOIN payouts_line AS l ON l.order_id = g.order_id AND l.payee = g.payee AND l.kind = g.kind
                AND l.reverses_id IS NULL WHERE g.amount > 0
        ), kept AS (
            INSERT INTO payouts_line (city, payee, kind, order_id, community, currency, amount_minor, reversed_minor,
                                      reverses_id, document, state, available_at, created_at)
            SELECT g.city, g.payee, g.kind, l.order_id, g.community, l.currency, -g.amount, 0, g.line, g.document, 'reversal', at, at
            FROM given AS g JOIN payouts_line AS l ON l.id = g.line ORDER BY g.k
            ON CONFLICT (reverses_id, document) DO NOTHING RETURNING reverses_id AS line, document
        )
        SELECT g.* FROM given AS g JOIN kept USING (line, document) ORDER BY g.k
    LOOP
        UPDATE payouts_line AS l SET reversed_minor = l.reversed_minor + x.amount
        WHERE l.id = x.line AND l.reversed_minor + x.amount <= l.amount_minor;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'more would be taken back than was earned: number %', x.k USING ERRCODE = 'LO002';
        END IF;
        left_ := x.amount;
        FOR i IN 1 .. cardinality(payouts_waterfall(x.kind, x.payee, x.community)) LOOP
            address := (payouts_waterfall(x.kind, x.payee, x.community))[i];
            part := least(left_, (held ->> ('platform:' || x.city || ' ' || address))::bigint);
            IF i = cardinality(payouts_waterfall(x.kind, x.payee, x.community)) THEN
                part := left_;
            END IF;
            CONTINUE WHEN part = 0;
            left_ := left_ - part;
            held := jsonb_set(held, ARRAY['platform:' || x.city || ' ' || address],
                              to_jsonb((held ->> ('platform:' || x.city || ' ' || address))::bigint - part));
            n := x.k;
            minor := part;
            RETURN NEXT;
        END LOOP;
    END LOOP;
    walls := set_config('linli.role', was, true);
END $$;

-- Ends the hold of lines whose time has come and moves their money from pending to available, one journal per account.
-- What the waterfall took from the pending balance meanwhile is gone: never more is moved than stands there.
CREATE FUNCTION payouts_release(most int, at_ timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    due bigint[];
    b record;
BEGIN
    due := ARRAY(SELECT id FROM payouts_line WHERE state = 'pending' AND available_at <= at_
                 ORDER BY available_at, id LIMIT most FOR UPDATE SKIP LOCKED);
    UPDATE payouts_line SET state = 'available' WHERE id = ANY(due);
    FOR b IN
        SELECT g.city, g.currency, array_agg(g.first ORDER BY g.first) AS firsts, array_agg(g.pending ORDER BY g.first) AS pendings,
               array_agg(g.available ORDER BY g.first) AS availables, array_agg(g.minor ORDER BY g.first) AS minors
        FROM (SELECT city, currency, min(id) AS first, payouts_pending(kind, payee, community) AS pending,
                     payouts_available(kind, payee, community) AS available,
                     sum(amount_minor - reversed_minor)::bigint AS minor
              FROM payouts_line WHERE id = ANY(due) AND kind <> 'courier'
              GROUP BY city, currency, kind, payee, community) AS g
        GROUP BY g.city, g.currency ORDER BY g.city
    LOOP
        PERFORM payouts_move_held(b.city, b.currency, b.firsts, b.pendings, b.availables, b.minors, at_);
    END LOOP;
    RETURN coalesce(cardinality(due), 0);
END $$;

CREATE FUNCTION payouts_move_held(city uuid, currency text, firsts bigint[], pendings text[], availables text[],
                                  minors bigint[], at_ timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    held bigint[] := ledger_hold('platform:' || city, pendings);
BEGIN
    PERFORM ledger_post(
        array_agg('release:' || m.first ORDER BY m.k), array_agg('platform:' || city ORDER BY m.k),
        array_agg(currency ORDER BY m.k), array_agg('release:' || m.first ORDER BY m.k),
        array_agg('hold_released'::text ORDER BY m.k), array_agg(at_ ORDER BY m.k),
        array_agg(m.k::int ORDER BY m.k) || array_agg(m.k::int ORDER BY m.k),
        array_agg(m.pending ORDER BY m.k) || array_agg(m.available ORDER BY m.k),
        array_agg(m.minor ORDER BY m.k) || array_agg(-m.minor ORDER BY m.k))
    FROM (SELECT f.first, f.pending, f.available, least(f.minor, -f.held) AS minor, row_number() OVER (ORDER BY f.first) AS k
          FROM unnest(firsts, pendings, availables, minors, held) AS f(first, pending, available, minor, held)
          WHERE least(f.minor, -f.held) > 0) AS m
    HAVING count(*) > 0;
END $$;

-- Claims what is available of every payee of a city that is not held and whose bank account is known: nets what the payee
-- owes, stamps the lines, and moves the rest to payout_in_transit; all in one transaction. Answers the payouts.
CREATE FUNCTION payouts_draw(city_ uuid, minimum bigint, most int, at_ timestamptz) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
    book constant text := 'platform:' || city_;
    lines bigint[];
    addresses text[];
    drawn uuid[];
BEGIN
    lines := ARRAY(
        SELECT l.id FROM payouts_line AS l
        WHERE l.city = city_ AND l.state = 'available' AND l.payee IN (
            SELECT DISTINCT f.payee FROM payouts_line AS f JOIN payouts_payee AS p ON p.id = f.payee
            WHERE f.city = city_ AND f.state = 'available' AND p.held_at IS NULL AND p.receiver_account <> ''
            ORDER BY f.payee LIMIT most)
        ORDER BY l.id FOR UPDATE SKIP LOCKED);
    addresses := ARRAY(
        SELECT DISTINCT x.address FROM payouts_line AS l, LATERAL unnest(
            payouts_owed_by(l.payee) || payouts_available(l.kind, l.payee, l.community)) AS x(address)
        WHERE l.id = ANY(lines) ORDER BY 1);
    IF cardinality(addresses) = 0 THEN
        RETURN '{}';
    END IF;
    drawn := payouts_draw_rows(city_, lines, addresses, ledger_hold(book, addresses), minimum, at_);
    UPDATE payouts_line AS l SET payout = p.id, state = CASE WHEN p.amount_minor = 0 THEN 'paid' ELSE 'in_payout' END
    FROM payouts_payout AS p WHERE p.id = ANY(drawn) AND l.payee = p.payee AND l.id = ANY(lines);
    INSERT INTO payouts_claim (payout_id, line_id, minor)
    SELECT l.payout, l.id, l.amount_minor - l.reversed_minor FROM payouts_line AS l
    WHERE l.payout = ANY(drawn) ORDER BY l.id;
    PERFORM payouts_post_draw(drawn, at_);
    RETURN drawn;
END $$;

-- The accounts in which a payee may owe the house something, in the order in which it is set off.
CREATE FUNCTION payouts_owed_by(payee uuid) RETURNS text[] LANGUAGE sql IMMUTABLE
RETURN ARRAY['cash_due:' || payee, 'merchant_receivable:' || payee, 'property_receivable:' || payee,
             'payee_receivable:' || payee];

-- The payouts of a draw: per payee what stands in its accounts, what is set off, and what is left to pay out. A courier's
-- account holds what is not yet available too, so only the claimed lines' worth is taken from it.
CREATE FUNCTION payouts_draw_rows(city_ uuid, lines bigint[], addresses text[], balances bigint[], minimum bigint,
                                  at_ timestamptz) RETURNS uuid[] LANGUAGE sql AS $$
    WITH held AS (
        SELECT h.address, h.balance FROM unnest(addresses, balances) AS h(address, balance)
    ), accounts AS (
        SELECT l.payee, h.address, min(l.currency) AS currency, greatest(0, CASE l.kind
            WHEN 'courier' THEN least(sum(l.amount_minor - l.reversed_minor), -h.balance) ELSE -h.balance END)::bigint AS minor
        FROM payouts_line AS l JOIN held AS h ON h.address = payouts_available(l.kind, l.payee, l.community)
        WHERE l.id = ANY(lines) GROUP BY l.payee, l.kind, h.address, h.balance
        UNION ALL  -- who gave more cash back than he held has that coming to him
        SELECT p.payee, h.address, min(p.currency), -h.balance FROM payouts_line AS p
        JOIN held AS h ON h.address = 'cash_due:' || p.payee WHERE p.id = ANY(lines) AND h.balance < 0
        GROUP BY p.payee, h.address, h.balance
    ), owed AS (
        SELECT p.payee, x.address, h.balance AS minor, x.k
        FROM (SELECT DISTINCT payee FROM accounts) AS p, LATERAL unnest(payouts_owed_by(p.payee)) WITH ORDINALITY AS x(address, k)
        JOIN held AS h ON h.address = x.address WHERE h.balance > 0
    ), totals AS (
        SELECT a.payee, min(a.currency) AS currency, sum(a.minor)::bigint AS gross,
               least(sum(a.minor), coalesce((SELECT sum(o.minor) FROM owed AS o WHERE o.payee = a.payee), 0))::bigint AS netted
        FROM accounts AS a GROUP BY a.payee
    ), taken AS (
        SELECT a.payee, a.address, a.minor, least(a.minor, greatest(0, t.netted - coalesce(sum(a.minor) OVER before, 0))) AS off
        FROM accounts AS a JOIN totals AS t USING (payee)
        WINDOW before AS (PARTITION BY a.payee ORDER BY a.address ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), set_off AS (
        SELECT o.payee, o.address, o.k, least(o.minor, greatest(0, t.netted - coalesce(sum(o.minor) OVER before, 0))) AS off
        FROM owed AS o JOIN totals AS t USING (payee)
        WINDOW before AS (PARTITION BY o.payee ORDER BY o.k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), legs AS (
        SELECT payee, address, minor::bigint AS minor, 0 AS k FROM taken WHERE minor > 0
        UNION ALL SELECT payee, address, -off::bigint, k FROM set_off WHERE off > 0
    ), kept AS (
        INSERT INTO payouts_payout (id, city, payee, currency, gross_minor, netted_minor, amount_minor, leg_addresses,
                                    leg_minors, back_addresses, back_minors, receiver_name, receiver_account, receiver_bank,
                                    state, reason, calls, drawn_at, due_at)
        SELECT payouts_new_id(), city_, t.payee, t.currency, t.gross, t.netted, t.gross - t.netted,
               coalesce((SELECT array_agg(l.address ORDER BY l.k, l.address) FROM legs AS l WHERE l.payee = t.payee), '{}'),
               coalesce((SELECT array_agg(l.minor ORDER BY l.k, l.address) FROM legs AS l WHERE l.payee = t.payee), '{}'),
               coalesce((SELECT array_agg(x.address ORDER BY x.address) FROM taken AS x
                         WHERE x.payee = t.payee AND x.minor > x.off), '{}'),
               coalesce((SELECT array_agg((x.minor - x.off)::bigint ORDER BY x.address) FROM taken AS x
                         WHERE x.payee = t.payee AND x.minor > x.off), '{}'),
               p.receiver_name, p.receiver_account, p.receiver_bank,
               CASE WHEN t.gross = t.netted THEN 'settled' ELSE 'drawn' END, '', 0, at_,
               CASE WHEN t.gross > t.netted THEN at_ END
        FROM totals AS t JOIN payouts_payee AS p ON p.id = t.payee
        WHERE t.gross = t.netted OR t.gross - t.netted >= minimum
        RETURNING id
    )
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM kept;
$$;

CREATE FUNCTION payouts_post_draw(drawn uuid[], at_ timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_post(j.keys, j.books, j.currencies, j.keys, j.kinds, j.ats, j.ks, j.addresses, j.minors) FROM (
        WITH p AS (
            SELECT q.*, row_number() OVER (ORDER BY q.id)::int AS k FROM payouts_payout AS q
            WHERE q.id = ANY(drawn) AND q.gross_minor > 0
        ), legs AS (
            SELECT p.k, x.address, x.minor, x.o FROM p, LATERAL unnest(
                p.leg_addresses || ('payout_in_transit:' || p.payee), p.leg_minors || -p.amount_minor
            ) WITH ORDINALITY AS x(address, minor, o)
        )
        SELECT array_agg('payout:' || p.id ORDER BY p.k) AS keys, array_agg('platform:' || p.city ORDER BY p.k) AS books,
               array_agg(p.currency::text ORDER BY p.k) AS currencies, array_agg('payout_drawn'::text ORDER BY p.k) AS kinds,
               array_agg(at_ ORDER BY p.k) AS ats, (SELECT array_agg(l.k ORDER BY l.k, l.o) FROM legs AS l) AS ks,
               (SELECT array_agg(l.address ORDER BY l.k, l.o) FROM legs AS l) AS addresses,
               (SELECT array_agg(l.minor ORDER BY l.k, l.o) FROM legs AS l) AS minors
        FROM p HAVING count(*) > 0
    ) AS j;
END $$;

-- How a payout stands after a signal, in whatever order signals come; rules.state_after decides alike.
CREATE FUNCTION payouts_state_after(state text, signal text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN CASE
    WHEN signal = 'transfer_succeeded' AND state IN ('drawn', 'sent') THEN 'accepted'
    WHEN signal = 'transfer_failed' AND state IN ('drawn', 'sent', 'accepted') THEN 'failed'
    WHEN signal IN ('transfer_returned', 'payout_return') AND state IN ('drawn', 'sent', 'accepted', 'settled') THEN 'returned'
    WHEN signal = 'payout' AND state IN ('drawn', 'sent', 'accepted') THEN 'settled'
    ELSE state END;

-- The one handler of everything the bank tells about a payout, by call-back, answer or account line. Each signal posts its
-- own journal once, so payout_in_transit ends at zero in whatever order they come: drawn -x, booked out +x, re-opened +x,
-- booked back -x. Answers the state that follows, 'repeated', 'unknown', or 'wrong' for a booking that does not fit.
CREATE FUNCTION payouts_record(
    source_ text, external_id_ text, signal_ text, reference_ text, bank_ text, amount_ bigint, reason_ text,
    occurred_at_ timestamptz, at_ timestamptz
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    was text := linli_role();
    walls text;
    p payouts_payout;
    next_ text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    SELECT * INTO p FROM payouts_payout WHERE id = payments_thing(reference_) FOR NO KEY UPDATE;
    next_ := CASE
        WHEN p.id IS NULL THEN 'unknown'
        WHEN amount_ <> p.amount_minor OR signal_ IN ('payout', 'payout_return') AND EXISTS (
            SELECT FROM payouts_event AS e WHERE e.payout_id = p.id AND e.signal = signal_
            AND e.state_after <> 'wrong' AND e.external_id <> external_id_) THEN 'wrong'
        ELSE payouts_state_after(p.state, signal_) END;
    INSERT INTO payouts_event (payout_id, source, external_id, signal, reference, amount_minor, state_after, occurred_at,
                               recorded_at)
    VALUES (p.id, source_, external_id_, signal_, reference_, amount_, next_, occurred_at_, at_)
    ON CONFLICT (source, external_id) DO NOTHING;
    IF NOT FOUND THEN
        next_ := 'repeated';
    ELSIF next_ NOT IN ('unknown', 'wrong') THEN
        IF signal_ IN ('payout', 'payout_return') THEN
            PERFORM payouts_post_bank(p, signal_, bank_, at_);
        END IF;
        IF next_ <> p.state THEN
            PERFORM payouts_move(p, next_, reason_, at_);
        END IF;
    END IF;
    walls := set_config('linli.role', was, true);
    RETURN next_;
END $$;

CREATE FUNCTION payouts_post_bank(p payouts_payout, signal_ text, bank_ text, at_ timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    out_ constant bigint := CASE signal_ WHEN 'payout' THEN p.amount_minor ELSE -p.amount_minor END;
BEGIN
    PERFORM ledger_post(ARRAY[signal_ || ':booked:' || p.id], ARRAY['platform:' || p.city], ARRAY[p.currency::text],
        ARRAY['payout:' || p.id], ARRAY[CASE signal_ WHEN 'payout' THEN 'payout_booked' ELSE 'payout_booked_back' END],
        ARRAY[at_], ARRAY[1, 1], ARRAY['payout_in_transit:' || p.payee,
            CASE p.way WHEN 'split' THEN 'psp_clearing:' || p.source ELSE 'bank:' || bank_ END], ARRAY[out_, -out_]);
END $$;

-- Carries a payout on to its next state. One that failed or came back gives its money and its lines back, and its payee is
-- held until somebody has looked at the bank account: it would only come back again.
CREATE FUNCTION payouts_move(p payouts_payout, next_ text, reason_ text, at_ timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE payouts_payout SET state = next_, reason = reason_, due_at = CASE WHEN next_ = 'sent' THEN due_at END
    WHERE id = p.id;
    IF next_ = 'settled' THEN
        UPDATE payouts_line SET state = 'paid' WHERE payout = p.id AND state = 'in_payout';
        PERFORM outbox_tell(ARRAY['payouts.PayoutSettled'], ARRAY[jsonb_build_object(
            'at', at_, 'payout', p.id, 'payee', p.payee, 'amount', jsonb_build_object('minor', p.amount_minor))]);
    ELSIF next_ IN ('failed', 'returned') THEN
        -- What a provider does not split is not asked of it again: it leaves through the bank.
        UPDATE payouts_line SET state = 'available', payout = NULL,
            collection = CASE WHEN p.way = 'custody' OR next_ = 'returned' THEN collection END WHERE payout = p.id;
        PERFORM ledger_post(ARRAY['payout_reopened:' || p.id], ARRAY['platform:' || p.city], ARRAY[p.currency::text],
            ARRAY['payout:' || p.id], ARRAY['payout_reopened'], ARRAY[at_],
            array_fill(1, ARRAY[1 + cardinality(p.back_addresses)]), ('payout_in_transit:' || p.payee) || p.back_addresses,
            p.amount_minor || ARRAY(SELECT -m FROM unnest(p.back_minors) WITH ORDINALITY AS b(m, k) ORDER BY k));
        IF p.way = 'custody' OR next_ = 'returned' THEN
            INSERT INTO payouts_payee AS y (id, held_at, held_why, receiver_name, receiver_account, receiver_bank)
            VALUES (p.payee, at_, 'payout ' || next_, '', '', '')
            ON CONFLICT (id) DO UPDATE SET held_at = at_, held_why = excluded.held_why;
        END IF;
        PERFORM outbox_tell(ARRAY['payouts.PayoutReturned'], ARRAY[jsonb_build_object(
            'at', at_, 'payout', p.id, 'payee', p.payee, 'amount', jsonb_build_object('minor', p.amount_minor),
            'reason', reason_)]);
    END IF;
END $$;
