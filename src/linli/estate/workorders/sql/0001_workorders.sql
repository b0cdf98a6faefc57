-- An order with its first move in one round trip; the label is taken last, so that others wait for it no longer than
-- the commit takes. It writes as its caller: the walls ask whether they may.
CREATE FUNCTION workorders_raise(body jsonb, move_ uuid, day date, role_ text, person_ uuid) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    o workorders_order := jsonb_populate_record(NULL::workorders_order, body);
BEGIN
    o.told := 0;
    o.reopened := 0;
    o.answer := '';
    o.rating_words := '';
    o.done_photos := '{}';
    o.number := 'WO-' || to_char(day, 'YYMMDD') || '-' || (
        SELECT lpad(n::text, greatest(4, length(n::text)), '0') FROM spine_next_label('WO', o.community, day) AS n);
    INSERT INTO workorders_order SELECT o.*;
    INSERT INTO workorders_move (id, of_id, community, verb, before, after, role, person, why, moved_at)
    VALUES (move_, o.id, o.community, 'raise', '', o.state, role_, person_, '', o.raised_at);
    RETURN o.number;
END $$;

-- Everything late, told one step further up, in one statement: to the steward first, to the manager after so many seconds
-- of its community. Answers how many are late by community and step. The ids of its moves are UUIDs of version 7, made
-- here because only here is known how many there are.
CREATE FUNCTION workorders_escalate(at_ timestamptz, most integer, communities uuid[], manager_s integer[])
RETURNS TABLE (community uuid, company uuid, told integer, late integer) LANGUAGE sql AS $$
    WITH due AS (
        SELECT o.id FROM workorders_order AS o WHERE o.escalates_at <= at_
        ORDER BY o.escalates_at LIMIT most FOR NO KEY UPDATE SKIP LOCKED
    ), raised AS (
        UPDATE workorders_order AS o
        SET told = o.told + 1,
            escalates_at = CASE WHEN o.told = 0 THEN at_ + make_interval(secs => coalesce(
                (SELECT s FROM unnest(communities, manager_s) AS m(c, s) WHERE m.c = o.community), 14400)) END
        FROM due WHERE o.id = due.id
        RETURNING o.id, o.community, o.company, o.state, o.told
    ), noted AS (
        INSERT INTO workorders_move (id, of_id, community, verb, before, after, role, person, why, moved_at)
        SELECT overlay(overlay(gen_random_uuid()::text PLACING substr(ms, 1, 8) || '-' || substr(ms, 9, 4) FROM 1 FOR 13)
                       PLACING '7' FROM 15 FOR 1)::uuid,
            r.id, r.community, 'escalate', r.state, r.state, 'system', NULL, '', at_
        FROM raised AS r, lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') AS ms
    )
    SELECT r.community, r.company, r.told::integer, count(*)::integer FROM raised AS r GROUP BY 1, 2, 3 ORDER BY 1, 3;
$$;

-- What an erased person wrote, and what others wrote on what they asked for; the orders stay, nameless. It runs as the
-- owner: the application itself may change no move.
CREATE FUNCTION workorders_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE workorders_move AS m SET why = '' FROM workorders_order AS o
    WHERE m.of_id = o.id AND m.why <> '' AND (o.raised_by = person_ OR m.person = person_);
    UPDATE workorders_outage_move SET why = '' WHERE person = person_ AND why <> '';
    UPDATE workorders_visit AS v SET words = '' FROM workorders_order AS o
    WHERE v.order_id = o.id AND v.words <> '' AND (o.raised_by = person_ OR v.visited_by = person_);
    UPDATE workorders_saying AS s SET words = '' FROM workorders_order AS o
    WHERE s.order_id = o.id AND s.words <> '' AND (o.raised_by = person_ OR s.person = person_);
    UPDATE workorders_quote AS q SET what = '' FROM workorders_order AS o
    WHERE q.order_id = o.id AND q.what <> '' AND o.raised_by = person_;
    UPDATE workorders_order SET words = '', place = CASE WHEN home IS NULL THEN '-' ELSE '' END, photos = '{}',
        rating_words = '', answer = '', done_photos = '{}' WHERE raised_by = person_;
END $$;

SELECT spine_keep_plans('^workorders_raise');
