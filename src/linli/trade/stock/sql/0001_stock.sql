-- Levels change with every sale: room on the page keeps their updates short.
ALTER TABLE stock_level SET (fillfactor = 70);

-- Units that are past their date and not yet moved out; they count as on hand and are never sold.
CREATE FUNCTION stock_expired(variant_ uuid, at_ timestamptz) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT coalesce(sum(b.remaining), 0) FROM stock_batch b
            WHERE b.variant_id = variant_ AND b.remaining > 0 AND b.expires_at <= at_);
END $$;

-- All writers of stock take their levels here first, in the order of the variants, so no two ever cross.
CREATE FUNCTION stock_lock(variants uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM stock_level l WHERE l.variant_id = ANY(variants) ORDER BY l.variant_id FOR NO KEY UPDATE;
END $$;

-- Holds all lines of all orders of a checkout, or nothing: answers NULL, or the first line's variant that is short.
-- The rows are locked and read in one statement; what is left of each is counted here, which costs less than asking. What
-- has expired is as `stock_expired` says, written out: that would be entered anew for each line.
CREATE FUNCTION stock_reserve(orders uuid[], variants uuid[], quantities integer[], until timestamptz, at timestamptz)
RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    known uuid[];
    free integer[];  -- of each known variant: neither reserved nor past its date
    nth integer;
BEGIN
    IF 0 >= ANY (quantities) THEN
        RAISE EXCEPTION 'a reservation holds at least one unit' USING ERRCODE = 'check_violation';
    END IF;
    SELECT array_agg(l.variant_id), array_agg(l.on_hand - l.reserved - coalesce((
        SELECT sum(b.remaining)::integer FROM stock_batch b
        WHERE b.variant_id = l.variant_id AND b.remaining > 0 AND b.expires_at <= stock_reserve.at), 0))
    INTO known, free
    FROM (SELECT variant_id, on_hand, reserved FROM stock_level
          WHERE variant_id = ANY (variants) ORDER BY variant_id FOR NO KEY UPDATE) AS l;
    FOR n IN 1 .. cardinality(variants) LOOP
        nth := array_position(known, variants[n]);
        IF nth IS NOT NULL THEN
            free[nth] := free[nth] - quantities[n];
        ELSIF NOT catalogue_is_untracked(variants[n]) THEN
            known := known || variants[n];
            free := free || -1;
        END IF;
    END LOOP;
    FOR n IN 1 .. cardinality(variants) LOOP
        IF free[array_position(known, variants[n])] < 0 THEN
            RETURN variants[n];
        END IF;
    END LOOP;
    UPDATE stock_level l SET reserved = l.reserved + w.quantity
    FROM (SELECT v AS variant, sum(q)::integer AS quantity FROM unnest(variants, quantities) AS lines(v, q) GROUP BY v) w
    WHERE l.variant_id = w.variant;
    INSERT INTO stock_reservation (order_id, variant_id, quantity, until)
    SELECT o, v, sum(q), stock_reserve.until FROM unnest(orders, variants, quantities) AS lines(o, v, q) GROUP BY o, v;
    RETURN NULL;
END $$;

-- Paid: no limit any more. Answers the orders of which nothing is held (any more), normally none.
CREATE FUNCTION stock_keep(orders uuid[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE kept_ uuid[];
BEGIN
    WITH kept AS (
        UPDATE stock_reservation r SET until = NULL WHERE r.order_id = ANY (orders) RETURNING r.order_id)
    SELECT coalesce(array_agg(order_id), '{}') INTO kept_ FROM kept;
    RETURN ARRAY(SELECT o FROM unnest(orders) AS o WHERE o <> ALL (kept_));
END $$;

CREATE FUNCTION stock_release(orders uuid[], at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM stock_lock(ARRAY(SELECT r.variant_id FROM stock_reservation r WHERE r.order_id = ANY (orders)));
    WITH gone AS (
        DELETE FROM stock_reservation r WHERE r.order_id = ANY (orders) RETURNING r.variant_id, r.quantity)
    UPDATE stock_level l SET reserved = l.reserved - g.quantity
    FROM (SELECT variant_id, sum(quantity)::integer AS quantity FROM gone GROUP BY variant_id) g
    WHERE l.variant_id = g.variant_id;
END $$;

-- What its owner left behind: only what still has a limit, and that before `limit_at`. Answers how many it freed.
CREATE FUNCTION stock_release_overdue(limit_at timestamptz, most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    late uuid[];
    freed integer;
BEGIN
    late := ARRAY(SELECT r.order_id FROM stock_reservation r WHERE r.until <= limit_at
                  GROUP BY r.order_id ORDER BY r.order_id LIMIT most);
    PERFORM stock_lock(ARRAY(SELECT r.variant_id FROM stock_reservation r WHERE r.order_id = ANY (late)));
    WITH gone AS (
        DELETE FROM stock_reservation r WHERE r.order_id = ANY (late) AND r.until <= limit_at
        RETURNING r.variant_id, r.quantity),
    back AS (
        UPDATE stock_level l SET reserved = l.reserved - g.quantity
        FROM (SELECT variant_id, sum(quantity)::integer AS quantity FROM gone GROUP BY variant_id) g
        WHERE l.variant_id = g.variant_id)
    SELECT count(*) INTO freed FROM gone;
    RETURN freed;
END $$;

-- Served: first expired first out among what has not expired; one movement for each order and batch. An order that was
-- taken before is passed over. Short (what was reserved has expired meanwhile): sqlstate LS001, detail = the variant.
CREATE FUNCTION stock_take(orders uuid[], at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE short_ uuid;
BEGIN
    PERFORM stock_lock(ARRAY(SELECT r.variant_id FROM stock_reservation r WHERE r.order_id = ANY (orders)));
    SELECT d.variant_id INTO short_
    FROM (SELECT r.variant_id, sum(r.quantity) AS quantity FROM stock_reservation r
          JOIN stock_level l ON l.variant_id = r.variant_id
          WHERE r.order_id = ANY (orders) GROUP BY r.variant_id) d
    WHERE d.quantity > (SELECT coalesce(sum(b.remaining), 0) FROM stock_batch b WHERE b.variant_id = d.variant_id
                        AND b.remaining > 0 AND (b.expires_at IS NULL OR b.expires_at > stock_take.at))
    ORDER BY d.variant_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'stock is short' USING ERRCODE = 'LS001', DETAIL = short_::text;
    END IF;
    WITH gone AS (
        DELETE FROM stock_reservation r WHERE r.order_id = ANY (orders)
        RETURNING r.order_id, r.variant_id, r.quantity),
    demand AS (  -- each order's stretch on the line of wanted units
        SELECT g.order_id, g.variant_id, sum(g.quantity) OVER w - g.quantity AS begins, sum(g.quantity) OVER w AS ends
        FROM gone g WINDOW w AS (PARTITION BY g.variant_id ORDER BY g.order_id)),
    supply AS (  -- each batch's stretch on the line of units to give, first expired first
        SELECT b.id, b.variant_id, sum(b.remaining) OVER w - b.remaining AS begins, sum(b.remaining) OVER w AS ends
        FROM stock_batch b
        WHERE b.variant_id IN (SELECT variant_id FROM demand)
          AND b.remaining > 0 AND (b.expires_at IS NULL OR b.expires_at > stock_take.at)
        WINDOW w AS (PARTITION BY b.variant_id ORDER BY b.expires_at NULLS LAST, b.id)),
    share AS (
        SELECT d.order_id, d.variant_id, s.id AS batch_id,
               (least(d.ends, s.ends) - greatest(d.begins, s.begins))::integer AS quantity
        FROM demand d JOIN supply s ON s.variant_id = d.variant_id AND s.begins < d.ends AND d.begins < s.ends),
    emptied AS (
        UPDATE stock_batch b SET remaining = b.remaining - t.quantity
        FROM (SELECT batch_id, sum(quantity)::integer AS quantity FROM share GROUP BY batch_id) t
        WHERE b.id = t.batch_id),
    written AS (
        INSERT INTO stock_movement (variant_id, batch_id, kind, quantity, order_id, person, at)
        SELECT variant_id, batch_id, 'sale', -quantity, order_id, linli_person(), stock_take.at
        FROM share ORDER BY order_id, variant_id, batch_id)
    UPDATE stock_level l SET on_hand = l.on_hand - t.quantity, reserved = l.reserved - t.quantity
    FROM (SELECT variant_id, sum(quantity)::integer AS quantity FROM share GROUP BY variant_id) t
    WHERE l.variant_id = t.variant_id;
END $$;

-- Lines that will not be served, or came back: first what is still reserved is freed, then what was taken returns to the
-- batches it came from, the last expiring first. More than both together: sqlstate LS002, detail = the variant.
CREATE FUNCTION stock_return(orders uuid[], variants uuid[], quantities integer[], at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line record;
    part record;
    held integer;
    rest integer;
BEGIN
    IF 0 >= ANY (quantities) THEN
        RAISE EXCEPTION 'a return brings back at least one unit' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM stock_lock(variants);
    -- A refund names a few lines, so they are walked one by one.
    FOR line IN SELECT o, v, sum(q)::integer AS quantity FROM unnest(orders, variants, quantities) AS lines(o, v, q)
                GROUP BY o, v ORDER BY v, o LOOP
        held := NULL;
        SELECT r.quantity INTO held FROM stock_reservation r
        WHERE r.order_id = line.o AND r.variant_id = line.v FOR UPDATE;
        held := least(coalesce(held, 0), line.quantity);
        rest := line.quantity - held;
        IF held > 0 THEN
            DELETE FROM stock_reservation r
            WHERE r.order_id = line.o AND r.variant_id = line.v AND r.quantity = held;
            UPDATE stock_reservation r SET quantity = r.quantity - held
            WHERE r.order_id = line.o AND r.variant_id = line.v AND r.quantity > held;
            UPDATE stock_level l SET reserved = l.reserved - held WHERE l.variant_id = line.v;
        END IF;
        FOR part IN SELECT m.batch_id, -sum(m.quantity)::integer AS quantity
                    FROM stock_movement m JOIN stock_batch b ON b.id = m.batch_id
                    WHERE m.order_id = line.o AND m.variant_id = line.v
                    GROUP BY m.batch_id, b.expires_at HAVING sum(m.quantity) < 0
                    ORDER BY b.expires_at DESC NULLS FIRST, m.batch_id DESC LOOP
            EXIT WHEN rest = 0;
            part.quantity := least(part.quantity, rest);
            rest := rest - part.quantity;
            UPDATE stock_batch b SET remaining = b.remaining + part.quantity WHERE b.id = part.batch_id;
            UPDATE stock_level l SET on_hand = l.on_hand + part.quantity WHERE l.variant_id = line.v;
            INSERT INTO stock_movement (variant_id, batch_id, kind, quantity, order_id, person, at)
            VALUES (line.v, part.batch_id, 'return', part.quantity, line.o, linli_person(), stock_return.at);
        END LOOP;
        IF rest > 0 AND NOT catalogue_is_untracked(line.v) THEN
            RAISE EXCEPTION 'more comes back than was taken' USING ERRCODE = 'LS002', DETAIL = line.v::text;
        END IF;
    END LOOP;
END $$;

-- What went out with an order is back and was looked at: all of it returns to its batches, and what cannot be sold any
-- more is written off from these at once. The write-off names no order: what went out with it is back.
CREATE FUNCTION stock_count_back(order_ uuid, variants uuid[], sellable integer[], lost integer[], why_ text,
                                 at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part record;
    before bigint;
BEGIN
    PERFORM stock_lock(variants);
    SELECT coalesce(max(id), 0) INTO before FROM stock_movement m WHERE m.order_id = order_;
    PERFORM stock_return(array_agg(order_), array_agg(v), array_agg(s + l), stock_count_back.at)
    FROM unnest(variants, sellable, lost) AS lines(v, s, l) WHERE s + l > 0 HAVING count(*) > 0;
    FOR part IN SELECT m.variant_id, m.batch_id, least(m.quantity, lines.l - (sum(m.quantity) OVER (
                    PARTITION BY m.variant_id ORDER BY m.id) - m.quantity))::integer AS units
                FROM stock_movement m JOIN unnest(variants, lost) AS lines(v, l) ON lines.v = m.variant_id
                WHERE m.order_id = order_ AND m.id > before ORDER BY m.id LOOP
        CONTINUE WHEN part.units <= 0;
        UPDATE stock_batch b SET remaining = b.remaining - part.units WHERE b.id = part.batch_id;
        UPDATE stock_level l SET on_hand = l.on_hand - part.units WHERE l.variant_id = part.variant_id;
        INSERT INTO stock_movement (variant_id, batch_id, kind, quantity, person, why, at)
        VALUES (part.variant_id, part.batch_id, 'write_off', -part.units, linli_person(), why_, stock_count_back.at);
    END LOOP;
END $$;

-- Goods come in: levels are opened or raised, one batch and one movement for each line; costs stand behind the wall.
CREATE FUNCTION stock_receive(batches uuid[], variants uuid[], shops uuid[], quantities integer[], costs bigint[],
                              expiries timestamptz[], at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stock_level AS l (variant_id, shop_id, on_hand, reserved)
    SELECT v, s, sum(q), 0 FROM unnest(variants, shops, quantities) AS lines(v, s, q) GROUP BY v, s ORDER BY v
    ON CONFLICT (variant_id) DO UPDATE SET on_hand = l.on_hand + excluded.on_hand;
    INSERT INTO stock_batch (id, variant_id, received, remaining, received_at, expires_at)
    SELECT b, v, q, q, stock_receive.at, e FROM unnest(batches, variants, quantities, expiries) AS lines(b, v, q, e);
    INSERT INTO stock_batch_cost (batch_id, shop_id, cost_minor)
    SELECT b, s, c FROM unnest(batches, shops, costs) AS lines(b, s, c) WHERE c IS NOT NULL;
    INSERT INTO stock_movement (variant_id, batch_id, kind, quantity, person, at)
    SELECT v, b, 'receipt', q, linli_person(), stock_receive.at
    FROM unnest(batches, variants, quantities) AS lines(b, v, q);
END $$;

-- Takes units out that nobody bought, from one batch or first expired first; never those that are reserved.
-- Answers how many it could take; all or nothing is the caller's to decide.
CREATE FUNCTION stock_remove(variant_ uuid, batch_ uuid, quantity_ integer, kind_ text, why_ text, at timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE taken integer;
BEGIN
    PERFORM stock_lock(ARRAY[variant_]);
    WITH supply AS (
        SELECT b.id, sum(b.remaining) OVER w - b.remaining AS begins, b.remaining FROM stock_batch b
        WHERE b.variant_id = variant_ AND b.remaining > 0 AND (batch_ IS NULL OR b.id = batch_)
        WINDOW w AS (ORDER BY b.expires_at NULLS LAST, b.id)),
    room AS (
        SELECT least(quantity_, l.on_hand - l.reserved) AS units FROM stock_level l WHERE l.variant_id = variant_),
    share AS (
        SELECT s.id AS batch_id, least(s.remaining, r.units - s.begins)::integer AS quantity
        FROM supply s, room r WHERE s.begins < r.units),
    emptied AS (
        UPDATE stock_batch b SET remaining = b.remaining - s.quantity FROM share s WHERE b.id = s.batch_id),
    written AS (
        INSERT INTO stock_movement (variant_id, batch_id, kind, quantity, person, why, at)
        SELECT variant_, batch_id, kind_, -quantity, linli_person(), why_, stock_remove.at FROM share),
    lowered AS (
        UPDATE stock_level l SET on_hand = l.on_hand - (SELECT sum(quantity) FROM share)
        WHERE l.variant_id = variant_ AND EXISTS (SELECT FROM share))
    SELECT coalesce(sum(quantity), 0) INTO taken FROM share;
    RETURN taken;
END $$;

-- Moves expired units out, up to `most` batches. Units that are reserved stay until their order is served from another
-- batch or let go; they are never sold meanwhile. Answers the variants and how many units left.
CREATE FUNCTION stock_dispose(most integer, at timestamptz)
RETURNS TABLE (variant uuid, shop uuid, quantity integer) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE due uuid[];
BEGIN
    due := ARRAY(SELECT b.variant_id FROM stock_batch b JOIN stock_level l ON l.variant_id = b.variant_id
                 WHERE b.remaining > 0 AND b.expires_at <= stock_dispose.at AND l.on_hand > l.reserved
                 ORDER BY b.expires_at LIMIT most);
    PERFORM stock_lock(due);
    RETURN QUERY
    WITH supply AS (
        SELECT b.id, b.variant_id, sum(b.remaining) OVER w - b.remaining AS begins, b.remaining FROM stock_batch b
        WHERE b.variant_id = ANY (due) AND b.remaining > 0 AND b.expires_at <= stock_dispose.at
        WINDOW w AS (PARTITION BY b.variant_id ORDER BY b.expires_at, b.id)),
    share AS (
        SELECT s.id AS batch_id, s.variant_id,
               least(s.remaining, l.on_hand - l.reserved - s.begins)::integer AS quantity
        FROM supply s JOIN stock_level l ON l.variant_id = s.variant_id WHERE s.begins < l.on_hand - l.reserved),
    emptied AS (
        UPDATE stock_batch b SET remaining = b.remaining - s.quantity FROM share s WHERE b.id = s.batch_id),
    written AS (
        INSERT INTO stock_movement (variant_id, batch_id, kind, quantity, person, why, at)
        SELECT variant_id, batch_id, 'disposal', -quantity, linli_person(), 'expired', stock_dispose.at FROM share)
    UPDATE stock_level l SET on_hand = l.on_hand - t.quantity
    FROM (SELECT variant_id, sum(quantity)::integer AS quantity FROM share GROUP BY variant_id) t
    WHERE l.variant_id = t.variant_id
    RETURNING l.variant_id, l.shop_id, t.quantity;
END $$;

-- How many of each can be bought now, as one JSON object; `plenty` of what no stock is kept of. A function, because a
-- statement that shows how many it asks for is planned anew at every call, which is dearer than the answer. What has
-- expired is as `stock_expired` says, written out: that would be entered anew for each variant.
CREATE FUNCTION stock_available(variants uuid[], at_ timestamptz, plenty integer) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT json_object_agg(w.v, CASE
            WHEN l.variant_id IS NOT NULL THEN greatest(0, l.on_hand - l.reserved - coalesce((
                SELECT sum(b.remaining) FROM stock_batch b
                WHERE b.variant_id = w.v AND b.remaining > 0 AND b.expires_at <= at_), 0))
            WHEN catalogue_is_untracked(w.v) THEN plenty ELSE 0 END)
        FROM unnest(variants) AS w(v) LEFT JOIN stock_level l ON l.variant_id = w.v);
END $$;

SELECT spine_keep_plans('^stock_(available|expired|reserve|keep|release|take)$');
