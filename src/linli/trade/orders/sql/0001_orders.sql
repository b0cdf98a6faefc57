-- The hot writes of orders. Rules decide in Python; each function writes one decision, whole, in one round trip. A body's
-- keys are the columns' names. They cross the walls as the house itself (linli.role is 'system' inside and is put back):
-- the action that calls them has decided that its caller may.

-- A quote of five lines is longer than 2 kB: it would be compressed and put into a table beside, to be read once, at placing.
ALTER TABLE orders_checkout SET (toast_tuple_target = 8160);

CREATE SEQUENCE orders_number AS bigint;
-- Never reset: a counter by shop and day would be a row that all orders of the day wait for.

CREATE FUNCTION orders_label(prefix text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE n text := nextval('orders_number')::text;
BEGIN
    RETURN prefix || lpad(n, greatest(4, length(n)), '0');
END $$;

-- Whether the caller sees an order. A function, and not the subselect itself in a wall: whoever writes moves would carry its
-- plan along in each statement, made ready and, by the house, never run.
CREATE FUNCTION orders_sees(order_ uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM orders_order WHERE id = order_);
END $$;

-- Locks orders in the order of their ids and answers each as it then stands, with its lines; behind the caller's walls.
-- Two statements, so that what is read is what the lock protects.
CREATE FUNCTION orders_hold(orders uuid[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM orders_order WHERE id = ANY(orders) ORDER BY id FOR NO KEY UPDATE;
    RETURN QUERY
        SELECT (to_jsonb(o) || jsonb_build_object('lines', (
            SELECT jsonb_agg(jsonb_build_object(
                'id', l.id, 'nth', l.nth, 'variant', l.variant, 'quantity', l.quantity, 'net_minor', l.net_minor,
                'merchant_minor', l.merchant_minor, 'company_minor', l.company_minor, 'platform_minor', l.platform_minor,
                'refunded_quantity', l.refunded_quantity, 'refunded_minor', l.refunded_minor) ORDER BY l.nth)
            FROM orders_line AS l WHERE l.order_id = o.id)))::text
        FROM orders_order AS o WHERE o.id = ANY(orders) ORDER BY o.id;
END $$;

CREATE FUNCTION orders_hold_checkouts(checkouts uuid[]) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT orders_hold(ARRAY(SELECT id FROM orders_order WHERE checkout_id = ANY(checkouts)));
END $$;

-- Moves held orders, keeps the log, tells. A step that meets another version than it was decided on undoes everything.
CREATE FUNCTION orders_step(steps jsonb, facts jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    moved integer;
    rang boolean;
BEGIN
    walls := set_config('linli.role', 'system', true);
    WITH s AS (
        SELECT * FROM jsonb_to_recordset(steps) AS s("order" uuid, version int, verb text, state text, due_at timestamptz,
            promised_at timestamptz, paid_at timestamptz, role text, person uuid, why text, at timestamptz)
    ), stepped AS (
        UPDATE orders_order AS o
        SET state = s.state, version = o.version + 1, due_at = s.due_at, changed_at = s.at,
            promised_at = coalesce(o.promised_at, s.promised_at), paid_at = coalesce(o.paid_at, s.paid_at),
            completed_at = CASE WHEN s.state = 'completed' THEN s.at ELSE o.completed_at END
        FROM s WHERE o.id = s."order" AND o.version = s.version RETURNING o.id
    )
    INSERT INTO orders_move (order_id, verb, state, role, person, why, moved_at)
    SELECT s."order", s.verb, s.state, s.role, s.person, s.why, s.at FROM s JOIN stepped ON stepped.id = s."order"
    ORDER BY s."order";
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> jsonb_array_length(steps) THEN
        RAISE EXCEPTION 'an order was changed by somebody else' USING ERRCODE = 'serialization_failure';
    END IF;
    rang := outbox_tell(facts);
    walls := set_config('linli.role', was, true);
END $$;

-- A checkout becomes orders that hold their goods and wait for one payment. What is in the way undoes all of it: sqlstate
-- LC001 the lock ran out, LC002 the basket is another by now, LC003 stock is short (detail = the variant), and what
-- `delivery_hold_slots` raises. Stock comes last: its rows are the ones that others wait for. What other modules are told of
-- the lines and legs comes in arrays.
CREATE FUNCTION orders_place(
    body jsonb, of_orders uuid[], variants uuid[], quantities integer[], addresses text[], minors bigint[], at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    c orders_checkout := jsonb_populate_record(NULL::orders_checkout, body -> 'checkout');
    asked integer;
    short uuid;
    rang boolean;
BEGIN
    walls := set_config('linli.role', 'system', true);
    IF c.basket_id IS NULL THEN
        INSERT INTO orders_checkout SELECT c.*;
    ELSE
        UPDATE orders_basket SET version = version + 1, window_start = NULL, window_end = NULL, changed_at = at
        WHERE id = c.basket_id AND version = c.basket_version;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the basket has changed' USING ERRCODE = 'LC002';
        END IF;
        DELETE FROM orders_basket_line WHERE basket_id = c.basket_id;
        UPDATE orders_checkout AS k SET state = c.state, quote = NULL, collection = c.collection, due_at = c.due_at,
            placed_at = c.placed_at
        WHERE k.id = c.id AND k.state = 'locked' AND k.due_at > at;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the lock ran out' USING ERRCODE = 'LC001';
        END IF;
    END IF;
    INSERT INTO orders_order
    SELECT r.* FROM jsonb_array_elements(body -> 'orders') WITH ORDINALITY AS e(o, n),
        jsonb_populate_record(NULL::orders_order, o || jsonb_build_object('number', orders_label(o ->> 'number'))) AS r
    ORDER BY n;
    INSERT INTO orders_line SELECT r.* FROM jsonb_populate_recordset(NULL::orders_line, body -> 'lines') AS r;
    INSERT INTO orders_move (order_id, verb, state, role, person, why, moved_at)
    SELECT o.id, 'place', o.state, body ->> 'role', c.buyer, '', at
    FROM jsonb_to_recordset(body -> 'orders') AS o(id uuid, state text);
    asked := payments_request(ARRAY[c.collection], ARRAY['checkout'], ARRAY[c.id], ARRAY[c.city], ARRAY[c.buyer],
        ARRAY[c.total_minor], array_fill(1, ARRAY[cardinality(addresses)]), addresses, minors, ARRAY[c.due_at], at,
        c.currency::text);
    IF body ? 'delivery' THEN
        PERFORM delivery_hold_slots(body -> 'delivery', at);
    END IF;
    -- The checkout itself lets go of its goods when it ends; `until` only catches what would be forgotten for ever.
    short := stock_reserve(of_orders, variants, quantities, c.due_at + interval '1 day', at);
    IF short IS NOT NULL THEN
        RAISE EXCEPTION 'stock is short' USING ERRCODE = 'LC003', DETAIL = short::text;
    END IF;
    rang := outbox_tell(body -> 'facts');
    walls := set_config('linli.role', was, true);
END $$;

-- The money of checkouts is in escrow: their orders go to the shops, the goods stay held without a limit.
CREATE FUNCTION orders_paid(checkouts uuid[], steps jsonb, facts jsonb, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    UPDATE orders_checkout SET state = 'placed', due_at = NULL, ended_at = at
    WHERE id = ANY(checkouts) AND state = 'paying';
    PERFORM stock_keep(array_agg(s."order")) FROM jsonb_to_recordset(steps) AS s("order" uuid) HAVING count(*) > 0;
    PERFORM orders_step(steps, facts);
    walls := set_config('linli.role', was, true);
END $$;

-- Orders ask their buyers for their own sums: one collection each, whose capture fills the order's escrow.
CREATE FUNCTION orders_ask(asks jsonb, at timestamptz) RETURNS void LANGUAGE sql AS $$
    SELECT payments_request(
        array_agg(a.collection ORDER BY a.n), array_agg('order'::text), array_agg(a."order" ORDER BY a.n),
        array_agg(a.city ORDER BY a.n), array_agg(a.payer ORDER BY a.n), array_agg(a.minor ORDER BY a.n),
        array_agg(a.n::int ORDER BY a.n), array_agg('order_escrow:' || a."order" ORDER BY a.n),
        array_agg(-a.minor ORDER BY a.n), array_agg(a.expires_at ORDER BY a.n), at, min(a.currency))
    FROM ROWS FROM (jsonb_to_recordset(asks) AS (collection uuid, "order" uuid, city uuid, payer uuid, minor bigint,
                                                 currency text, expires_at timestamptz))
        WITH ORDINALITY AS a(collection, "order", city, payer, minor, currency, expires_at, n)
    HAVING count(*) > 0;
$$;

-- Nobody shall pay this collection any more. sqlstate LC004: somebody has.
CREATE FUNCTION orders_unask(collection uuid, why text, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT collection = ANY(payments_close(ARRAY[collection], why, at)) THEN
        RAISE EXCEPTION 'it has been paid meanwhile' USING ERRCODE = 'LC004';
    END IF;
END $$;

-- A checkout will be paid in cash, order by order: they go to their shops, the goods stay held without a limit.
CREATE FUNCTION orders_promise(checkout uuid, collection_ uuid, asks jsonb, steps jsonb, facts jsonb, at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM orders_unask(collection_, 'to_be_paid_in_cash', at);
    PERFORM orders_ask(asks, at);
    UPDATE orders_checkout SET state = 'placed', collection = NULL, due_at = NULL, ended_at = at
    WHERE id = checkout AND state = 'paying';
    UPDATE orders_order AS o SET payment = 'cash', collection = a.collection
    FROM jsonb_to_recordset(asks) AS a("order" uuid, collection uuid) WHERE o.id = a."order";
    PERFORM stock_keep(array_agg(a."order")) FROM jsonb_to_recordset(asks) AS a("order" uuid);
    PERFORM orders_step(steps, facts);
    walls := set_config('linli.role', was, true);
END $$;

-- A checkout waits longer, for a transfer: another collection takes the place of its own. It lets go of its goods itself.
CREATE FUNCTION orders_wait_for_transfer(checkout uuid, old uuid, new uuid, until timestamptz, at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM orders_unask(old, 'to_be_transferred', at);
    PERFORM payments_request(ARRAY[new], ARRAY['checkout'], ARRAY[c.id], ARRAY[c.city], ARRAY[c.buyer], ARRAY[c.total_minor],
        array_agg(1), array_agg('order_escrow:' || o.id ORDER BY o.id),
        array_agg(-o.goods_minor - o.delivery_fee_minor ORDER BY o.id), ARRAY[until], at, c.currency::text)
    FROM orders_checkout AS c JOIN orders_order AS o ON o.checkout_id = c.id WHERE c.id = checkout GROUP BY c.id;
    UPDATE orders_checkout SET collection = new, due_at = until WHERE id = checkout;
    UPDATE orders_order SET collection = new, due_at = until, version = version + 1, changed_at = at
    WHERE checkout_id = checkout;
    PERFORM stock_keep(ARRAY(SELECT id FROM orders_order WHERE checkout_id = checkout));
    walls := set_config('linli.role', was, true);
END $$;

-- The sums of these orders have come: in whatever state they are, their escrows are full.
CREATE FUNCTION orders_collected(orders uuid[], payments text[], ats timestamptz[]) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    marked integer;
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM FROM orders_order WHERE id = ANY(orders) ORDER BY id FOR NO KEY UPDATE;
    WITH paid AS (
        UPDATE orders_order AS o SET payment = p.payment, paid_at = p.at, version = o.version + 1, changed_at = p.at
        FROM unnest(orders, payments, ats) AS p(id, payment, at) WHERE o.id = p.id AND o.paid_at IS NULL RETURNING o.id, o.state, p.at
    )
    INSERT INTO orders_move (order_id, verb, state, role, why, moved_at)
    SELECT id, 'pay', state, was, '', at FROM paid ORDER BY id;
    GET DIAGNOSTICS marked = ROW_COUNT;
    walls := set_config('linli.role', was, true);
    RETURN marked;
END $$;

-- Packed: the goods leave the stock and a code waits for the buyer. Goods that expired meanwhile: sqlstate LS001.
CREATE FUNCTION orders_finish(steps jsonb, facts jsonb, shop uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    orders uuid[] := ARRAY(SELECT s."order" FROM jsonb_to_recordset(steps) AS s("order" uuid));
    due_ats timestamptz[] := ARRAY(SELECT s.due_at FROM jsonb_to_recordset(steps) AS s(due_at timestamptz));
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM orders_step(steps, facts);
    PERFORM stock_take(orders, at);
    PERFORM handover_open(orders, array_fill('order'::text, ARRAY[cardinality(orders)]),
                          array_fill(shop, ARRAY[cardinality(orders)]), due_ats, at);
    walls := set_config('linli.role', was, true);
END $$;

-- Served: each escrow is divided as frozen at sale, each payee has one earning per order.
CREATE FUNCTION orders_complete(steps jsonb, journals jsonb, legs jsonb, earnings jsonb, facts jsonb, at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM orders_step(steps, facts);
    PERFORM handover_close(ARRAY(SELECT s."order" FROM jsonb_to_recordset(steps) AS s("order" uuid)), at);
    PERFORM orders_post(journals, legs, at);
    PERFORM payouts_add_lines(array_agg(e.city), array_agg(e.payee), array_agg(e.kind), array_agg(e."order"),
                              array_agg(e.community), array_agg(e.minor), array_agg(e.free_at), at,
                              collections => array_agg(e.collection))
    FROM jsonb_to_recordset(earnings)
        AS e(city uuid, payee uuid, kind text, "order" uuid, community uuid, minor bigint, free_at timestamptz,
             collection uuid)
    HAVING count(*) > 0;
    walls := set_config('linli.role', was, true);
END $$;

CREATE FUNCTION orders_post(journals jsonb, legs jsonb, at timestamptz) RETURNS void LANGUAGE sql AS $$
    SELECT ledger_post(
        array_agg(j.key ORDER BY j.n), array_agg(j.book ORDER BY j.n), array_agg(j.currency ORDER BY j.n),
        array_agg(j.document ORDER BY j.n), array_agg(j.kind ORDER BY j.n), array_agg(at ORDER BY j.n),
        (SELECT array_agg(l.journal ORDER BY l.journal, l.address)
         FROM jsonb_to_recordset(legs) AS l(journal int, address text)),
        (SELECT array_agg(l.address ORDER BY l.journal, l.address)
         FROM jsonb_to_recordset(legs) AS l(journal int, address text)),
        (SELECT array_agg(l.minor ORDER BY l.journal, l.address)
         FROM jsonb_to_recordset(legs) AS l(journal int, address text, minor bigint)))
    FROM ROWS FROM (jsonb_to_recordset(journals) AS (key text, book text, currency text, document text, kind text))
        WITH ORDINALITY AS j(key, book, currency, document, kind, n)
    HAVING count(*) > 0;
$$;

-- Unserved: what was held is let go, what was packed returns, nobody comes for it.
CREATE FUNCTION orders_end(steps jsonb, goods jsonb, facts jsonb, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    orders uuid[] := ARRAY(SELECT s."order" FROM jsonb_to_recordset(steps) AS s("order" uuid));
BEGIN
    walls := set_config('linli.role', 'system', true);
    PERFORM orders_step(steps, facts);
    PERFORM delivery_release(orders);
    PERFORM stock_release(orders, at);
    PERFORM orders_return(goods, at);
    PERFORM handover_close(orders, at);
    walls := set_config('linli.role', was, true);
END $$;

CREATE FUNCTION orders_return(goods jsonb, at timestamptz) RETURNS void LANGUAGE sql AS $$
    SELECT stock_return(array_agg(g."order"), array_agg(g.variant), array_agg(g.quantity), at)
    FROM jsonb_to_recordset(goods) AS g("order" uuid, variant uuid, quantity int) HAVING count(*) > 0;
$$;

-- Money back: the lines remember it, the collection returns it, and whoever earned it gives it up, out of what payouts
-- say that it has. A refund that the
-- buyer asked for is there already and is granted now; any other is born granted.
CREATE FUNCTION orders_refund(body jsonb, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    r orders_refund := jsonb_populate_record(NULL::orders_refund, body -> 'refund');
    addresses text[];
    minors bigint[];
BEGIN
    walls := set_config('linli.role', 'system', true);
    INSERT INTO orders_refund SELECT r.*
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, amount_minor = excluded.amount_minor,
        fee_minor = excluded.fee_minor, restock = excluded.restock, due_at = NULL, settled_at = excluded.settled_at;
    INSERT INTO orders_refund_line SELECT l.* FROM jsonb_populate_recordset(NULL::orders_refund_line, body -> 'lines') AS l
    ON CONFLICT (refund_id, line_id) DO UPDATE SET quantity = excluded.quantity, amount_minor = excluded.amount_minor;
    UPDATE orders_line AS l SET refunded_quantity = l.refunded_quantity + b.quantity,
        refunded_minor = l.refunded_minor + b.amount_minor
    FROM jsonb_to_recordset(body -> 'lines') AS b(line_id uuid, quantity int, amount_minor bigint) WHERE l.id = b.line_id;
    UPDATE orders_order SET refunded_fee_minor = refunded_fee_minor + r.fee_minor, version = version + 1, changed_at = at
    WHERE id = r.order_id;
    INSERT INTO orders_move (order_id, refund_id, verb, state, role, person, why, moved_at)
    SELECT r.order_id, r.id, m.verb, r.state, m.role, m.person, m.why, at
    FROM jsonb_to_record(body -> 'move') AS m(verb text, role text, person uuid, why text);
    WITH e AS (
        SELECT * FROM jsonb_to_recordset(body -> 'earnings') AS e(payee uuid, kind text, community uuid, minor bigint)
    ), taken AS (
        SELECT t.address, t.minor FROM payouts_reverse_lines(
            (SELECT array_agg(payee) FROM e), (SELECT array_agg(kind) FROM e), (SELECT array_agg(r.order_id) FROM e),
            (SELECT array_agg(community) FROM e), (SELECT array_agg(minor) FROM e),
            (SELECT array_agg('refund:' || r.id) FROM e), at) AS t
        WHERE EXISTS (SELECT FROM e)
        UNION ALL
        SELECT l.address, l.minor FROM jsonb_to_recordset(body -> 'legs') AS l(address text, minor bigint)
    )
    SELECT array_agg(address), array_agg(minor) INTO addresses, minors FROM taken;
    IF body ? 'instead' THEN
        -- Nothing was paid yet: less is asked instead, or nothing at all.
        PERFORM orders_unask((body ->> 'collection')::uuid, 'asked_less', at);
        PERFORM orders_ask(body -> 'instead', at);
        UPDATE orders_order AS o SET collection = a.collection
        FROM jsonb_to_recordset(body -> 'instead') AS a("order" uuid, collection uuid) WHERE o.id = a."order";
    ELSE
        PERFORM payments_request_refunds(ARRAY[r.id], ARRAY[(body ->> 'collection')::uuid], ARRAY[r.amount_minor],
            ARRAY['refund:' || r.id], array_fill(1, ARRAY[cardinality(addresses)]), addresses, minors, at);
    END IF;
    PERFORM orders_return(body -> 'goods', at);
    PERFORM outbox_tell(body -> 'facts');
    walls := set_config('linli.role', was, true);
END $$;

-- Checkouts that nobody pays any more.
CREATE FUNCTION orders_expire(checkouts uuid[], steps jsonb, facts jsonb, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    UPDATE orders_checkout SET state = 'expired', due_at = NULL, ended_at = at
    WHERE id = ANY(checkouts) AND state = 'paying';
    PERFORM orders_end(steps, '[]', facts, at);
    walls := set_config('linli.role', was, true);
END $$;

-- The person's basket, opened if need be, of a new version and held until the transaction ends: whoever changes its lines
-- comes through here (or, placing, through its row) first. It is there nearly always, and behind a wall an upsert costs
-- half as much again as an update.
CREATE FUNCTION orders_basket_touch(basket_ uuid, person_ uuid, community_ uuid, at timestamptz) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
    mine uuid;
BEGIN
    UPDATE orders_basket SET version = version + 1, changed_at = at
    WHERE person = person_ AND community = community_ RETURNING id INTO mine;
    IF NOT FOUND THEN
        INSERT INTO orders_basket AS b (id, person, community, choices, version, changed_at)
        VALUES (basket_, person_, community_, '{}', 1, at)
        ON CONFLICT (person, community) DO UPDATE SET version = b.version + 1, changed_at = excluded.changed_at
        RETURNING b.id INTO mine;
    END IF;
    RETURN mine;
END $$;

-- To which home a person's basket goes, and when: changed where it is there, which it nearly always is.
CREATE FUNCTION orders_basket_home(basket_ uuid, person_ uuid, community_ uuid, home_ uuid, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    opened uuid;
BEGIN
    UPDATE orders_basket SET version = version + 1, changed_at = at, home = home_
    WHERE person = person_ AND community = community_;
    IF NOT FOUND THEN
        opened := orders_basket_touch(basket_, person_, community_, at);
        UPDATE orders_basket SET home = home_ WHERE id = opened;
    END IF;
END $$;

CREATE FUNCTION orders_basket_window(
    basket_ uuid, person_ uuid, community_ uuid, start_ timestamptz, end_ timestamptz, at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    opened uuid;
BEGIN
    UPDATE orders_basket SET version = version + 1, changed_at = at, window_start = start_, window_end = end_
    WHERE person = person_ AND community = community_;
    IF NOT FOUND THEN
        opened := orders_basket_touch(basket_, person_, community_, at);
        UPDATE orders_basket SET window_start = start_, window_end = end_ WHERE id = opened;
    END IF;
END $$;

-- One line of a person's basket in a community, behind the caller's walls: more of it, or exactly so many (0 removes it).
-- sqlstate LC005: it would be more pieces of a line, LC006: more lines than a basket may have, LC007: what is put in `as_is`,
-- with nothing chosen that anybody has looked at, is not to be had so (detail = what the catalogue says).
CREATE FUNCTION orders_basket_put(
    basket_ uuid, person_ uuid, community_ uuid, line_ uuid, variant_ uuid, options_ uuid[], quantity_ integer,
    most_lines integer, most_pieces integer, at timestamptz, as_is boolean DEFAULT false
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    mine uuid;
    lines integer;
    before integer;  -- pieces of the line that it joins
    hindrance constant text := CASE WHEN as_is THEN catalogue_hindrance(variant_, community_) END;
BEGIN
    IF hindrance IS NOT NULL THEN
        RAISE EXCEPTION 'not to be had so' USING ERRCODE = 'LC007', DETAIL = hindrance;
    END IF;
    mine := orders_basket_touch(basket_, person_, community_, at);
    SELECT count(*), max(quantity) FILTER (WHERE variant = variant_ AND options = options_) INTO lines, before
    FROM orders_basket_line WHERE basket_id = mine;
    IF coalesce(before, 0) + quantity_ > most_pieces THEN
        RAISE EXCEPTION 'too many pieces' USING ERRCODE = 'LC005';
    ELSIF before IS NOT NULL THEN
        UPDATE orders_basket_line SET quantity = before + quantity_
        WHERE basket_id = mine AND variant = variant_ AND options = options_;
    ELSIF lines >= most_lines THEN
        RAISE EXCEPTION 'too many lines' USING ERRCODE = 'LC006';
    ELSE
        INSERT INTO orders_basket_line (id, basket_id, person, variant, options, quantity)
        VALUES (line_, mine, person_, variant_, options_, quantity_);
    END IF;
END $$;

-- What a company earned: the one look at orders that is not their buyer's or their shop's, and it shows no person.
CREATE FUNCTION orders_commissions(company_ uuid, communities_ uuid[], start_ timestamptz, end_ timestamptz,
                                   after_ uuid, most integer)
RETURNS TABLE (line uuid, number text, community uuid, shop_name jsonb, completed_at timestamptz, net_minor bigint,
               refunded_minor bigint, merchant_minor bigint, company_minor bigint, platform_minor bigint)
LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    RETURN QUERY
        SELECT l.id, o.number, o.community, o.shop_name, o.completed_at, l.net_minor, l.refunded_minor, l.merchant_minor,
               l.company_minor, l.platform_minor
        FROM orders_order AS o JOIN orders_line AS l ON l.order_id = o.id
        WHERE o.company = company_ AND o.community = ANY(communities_) AND o.completed_at >= start_
          AND o.completed_at < end_ AND (after_ IS NULL OR l.id > after_)
        ORDER BY l.id LIMIT most;
    walls := set_config('linli.role', was, true);
END $$;

SELECT spine_keep_plans('^orders_(basket_home|basket_put|basket_window|hold|hold_checkouts|place|paid|finish|complete|end|refund)$');
