-- Capacities change with every order: room on the page keeps their updates short.
ALTER TABLE delivery_capacity SET (fillfactor = 70);

-- Whoever takes or frees places takes their rows in this order: kitchens last, so that no two ever cross.
CREATE FUNCTION delivery_lock(capacities bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM delivery_capacity WHERE id = ANY (capacities)
    ORDER BY axis = 'kitchen', axis, subject, start_at FOR NO KEY UPDATE;
END $$;

-- Takes a kitchen's quarters for one order, the soonest first, or backwards from the end where it should be fresh.
-- Answers whether there was room; without it the quarters stay as they were.
CREATE FUNCTION delivery_cook(order_ uuid, holder_ uuid, slot_ uuid, shop_ uuid, from_ timestamptz, to_ timestamptz,
                              capacity_ bigint, value_ bigint, soonest boolean, until_ timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    in_all bigint;
BEGIN
    INSERT INTO delivery_capacity (axis, subject, start_at, end_at, capacity, taken)
    SELECT 'kitchen', shop_, q, q + interval '15 minutes', capacity_, 0
    FROM generate_series(from_, to_ - interval '15 minutes', interval '15 minutes') AS q ORDER BY q
    ON CONFLICT (axis, subject, start_at) DO NOTHING;
    PERFORM 1 FROM delivery_capacity WHERE axis = 'kitchen' AND subject = shop_ AND start_at >= from_ AND start_at < to_
    ORDER BY start_at FOR NO KEY UPDATE;
    SELECT coalesce(sum(greatest(0, c.capacity - c.taken)), 0) INTO in_all FROM delivery_capacity c
    WHERE c.axis = 'kitchen' AND c.subject = shop_ AND c.start_at >= from_ AND c.start_at < to_;
    IF in_all < value_ THEN
        RETURN false;
    END IF;
    WITH free AS (
        SELECT c.id, greatest(0, c.capacity - c.taken) AS room,
               sum(greatest(0, c.capacity - c.taken)) OVER (
                   ORDER BY CASE WHEN soonest THEN c.start_at - to_ ELSE to_ - c.start_at END) AS through
        FROM delivery_capacity c
        WHERE c.axis = 'kitchen' AND c.subject = shop_ AND c.start_at >= from_ AND c.start_at < to_
    ), part AS (
        SELECT id, least(room, value_ - (through - room)) AS units FROM free WHERE room > 0 AND through - room < value_
    ), cooked AS (
        UPDATE delivery_capacity c SET taken = c.taken + part.units FROM part WHERE c.id = part.id RETURNING c.id
    )
    INSERT INTO delivery_hold (id, "order", holder, slot_id, capacity_id, units, until)
    SELECT gen_random_uuid(), order_, holder_, slot_, part.id, part.units, until_ FROM part;
    RETURN true;
END $$;

-- Holds every place that a checkout asks for, or nothing. `body`: holder, until, slot (or null), places [{order, axis,
-- subject, start_at, end_at, capacity, units}], kitchens [{order, shop, from_at, to_at, capacity, value, soonest}].
-- sqlstate LD001 something is full (detail = axis:subject), LD002 the slot takes no orders any more.
CREATE FUNCTION delivery_hold_slots(body jsonb, at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    holder_ constant uuid := (body ->> 'holder')::uuid;
    slot_ constant uuid := (body ->> 'slot')::uuid;
    until_ constant timestamptz := (body ->> 'until')::timestamptz;
    full_ text;
    k record;
BEGIN
    walls := set_config('linli.role', 'system', true);
    IF slot_ IS NOT NULL THEN
        -- Shared: buyers do not wait for each other, but the clock that closes the slot waits for them.
        PERFORM 1 FROM delivery_slot s WHERE s.id = slot_ AND s.state = 'open' AND s.cut_off_at > delivery_hold_slots.at
        FOR SHARE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the slot takes no orders any more' USING ERRCODE = 'LD002', DETAIL = slot_::text;
        END IF;
    END IF;
    WITH wanted AS (
        SELECT p.axis, p.subject, p.start_at, min(p.end_at) AS end_at, min(p.capacity) AS capacity, sum(p.units)::bigint AS units
        FROM jsonb_to_recordset(body -> 'places')
            AS p(axis text, subject uuid, start_at timestamptz, end_at timestamptz, capacity bigint, units bigint)
        GROUP BY p.axis, p.subject, p.start_at
    ), taken AS (
        INSERT INTO delivery_capacity AS c (axis, subject, start_at, end_at, capacity, taken)
        SELECT w.axis, w.subject, w.start_at, w.end_at, w.capacity, w.units FROM wanted w WHERE w.units <= w.capacity
        ORDER BY w.axis, w.subject, w.start_at
        ON CONFLICT (axis, subject, start_at) DO UPDATE
            SET taken = c.taken + excluded.taken, capacity = excluded.capacity
            WHERE c.taken + excluded.taken <= excluded.capacity
        RETURNING c.id, c.axis, c.subject, c.start_at
    ), held AS (
        INSERT INTO delivery_hold (id, "order", holder, slot_id, capacity_id, units, until)
        SELECT gen_random_uuid(), p."order", holder_, slot_, t.id, p.units, until_
        FROM jsonb_to_recordset(body -> 'places') AS p("order" uuid, axis text, subject uuid, start_at timestamptz, units bigint)
        JOIN taken t USING (axis, subject, start_at)
    )
    SELECT w.axis || ':' || w.subject INTO full_ FROM wanted w
    WHERE NOT EXISTS (SELECT FROM taken t WHERE (t.axis, t.subject, t.start_at) = (w.axis, w.subject, w.start_at))
    ORDER BY w.axis, w.subject LIMIT 1;
    IF full_ IS NULL THEN
        FOR k IN
            SELECT * FROM jsonb_to_recordset(body -> 'kitchens') AS k("order" uuid, shop uuid, from_at timestamptz,
                to_at timestamptz, capacity bigint, value bigint, soonest boolean)
            ORDER BY shop, "order"
        LOOP
            IF NOT delivery_cook(k."order", holder_, slot_, k.shop, k.from_at, k.to_at, k.capacity, k.value, k.soonest, until_) THEN
                full_ := 'kitchen:' || k.shop;
                EXIT;
            END IF;
        END LOOP;
    END IF;
    IF full_ IS NOT NULL THEN
        RAISE EXCEPTION 'there is no place left' USING ERRCODE = 'LD001', DETAIL = full_;
    END IF;
    walls := set_config('linli.role', was, true);
END $$;

-- Paid: no limit any more.
CREATE FUNCTION delivery_keep(orders uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    UPDATE delivery_hold SET until = NULL WHERE "order" = ANY (orders);
    walls := set_config('linli.role', was, true);
END $$;

-- Frees what orders hold; freeing twice frees once. Answers how many places that were.
CREATE FUNCTION delivery_release(orders uuid[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    freed integer := 0;
BEGIN
    walls := set_config('linli.role', 'system', true);
    IF EXISTS (SELECT FROM delivery_hold h WHERE h."order" = ANY (orders)) THEN  -- most orders hold nothing
        PERFORM delivery_lock(ARRAY(SELECT h.capacity_id FROM delivery_hold h WHERE h."order" = ANY (orders)));
        WITH gone AS (
            DELETE FROM delivery_hold h WHERE h."order" = ANY (orders) RETURNING h.capacity_id, h.units
        ), back AS (
            UPDATE delivery_capacity c SET taken = c.taken - g.units
            FROM (SELECT capacity_id, sum(units) AS units FROM gone GROUP BY capacity_id) AS g WHERE c.id = g.capacity_id
        )
        SELECT count(*) INTO freed FROM gone;
    END IF;
    walls := set_config('linli.role', was, true);
    RETURN freed;
END $$;

-- What its owner left behind, and what lies a day back and is of no use to anybody: kept no longer than it is asked for.
CREATE FUNCTION delivery_release_overdue(limit_at timestamptz, most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    late uuid[];
BEGIN
    late := ARRAY(SELECT h."order" FROM delivery_hold h WHERE h.until <= limit_at GROUP BY h."order"
                  ORDER BY h."order" LIMIT most);
    RETURN delivery_release(late);
END $$;
