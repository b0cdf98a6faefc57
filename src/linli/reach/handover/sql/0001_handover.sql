-- A code that is free at the place now; gen_random_uuid() is cryptographically strong, random() is not.
CREATE FUNCTION handover_free_code(place_ uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE code_ text;
BEGIN
    FOR i IN 1..50 LOOP
        code_ := lpad((('x' || left(gen_random_uuid()::text, 8))::bit(32)::bigint % 1000000)::text, 6, '0');
        IF NOT EXISTS (SELECT FROM handover_handover WHERE place = place_ AND code = code_ AND state = 'open') THEN
            RETURN code_;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'place % has hardly a free code left', place_ USING ERRCODE = 'program_limit_exceeded';
END $$;

-- Opens one handover per thing and answers the codes in the order asked. What is open already keeps its code.
-- These functions cross the wall as the house itself: the one who opens a handover (a merchant) may not read its code.
CREATE FUNCTION handover_open(fors uuid[], kinds text[], places uuid[], due_ats timestamptz[], at timestamptz)
RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    codes text[] := '{}';
    code_ text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    FOR n IN 1..coalesce(array_length(fors, 1), 0) LOOP
        LOOP
            SELECT code INTO code_ FROM handover_handover WHERE subject = fors[n] AND state = 'open';
            EXIT WHEN FOUND;
            code_ := handover_free_code(places[n]);
            INSERT INTO handover_handover (id, place, subject, kind, code, state, wrong_tries, opened_at, due_at)
            VALUES (gen_random_uuid(), places[n], fors[n], kinds[n], code_, 'open', 0, at, due_ats[n])
            ON CONFLICT DO NOTHING;
            EXIT WHEN FOUND;
            -- Somebody took the code, or opened the same handover, in the meantime: look again.
        END LOOP;
        codes := codes || code_;
    END LOOP;
    walls := set_config('linli.role', was, true);
    RETURN codes;
END $$;

-- Tries a code: 'ok', 'wrong', 'locked' or 'closed'. The caller must commit whatever the answer, or tries go uncounted.
CREATE FUNCTION handover_redeem(for_ uuid, code_ text, at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    waiting handover_handover;
    answer text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    SELECT * INTO waiting FROM handover_handover WHERE subject = for_ AND state = 'open' FOR UPDATE;
    IF NOT FOUND THEN
        answer := 'closed';
    ELSIF waiting.locked_until > at THEN
        answer := 'locked';
    ELSIF waiting.code = code_ THEN
        answer := 'ok';
        UPDATE handover_handover SET state = 'redeemed', ended_at = at WHERE id = waiting.id;
    ELSIF waiting.wrong_tries < 4 THEN
        answer := 'wrong';
        UPDATE handover_handover SET wrong_tries = wrong_tries + 1 WHERE id = waiting.id;
    ELSE
        answer := 'locked';
        UPDATE handover_handover SET wrong_tries = 0, locked_until = at + interval '15 minutes' WHERE id = waiting.id;
    END IF;
    walls := set_config('linli.role', was, true);
    RETURN answer;
END $$;

CREATE FUNCTION handover_close(fors uuid[], at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    UPDATE handover_handover SET state = 'closed', ended_at = at WHERE subject = ANY(fors) AND state = 'open';
    walls := set_config('linli.role', was, true);
END $$;

-- The open code of a thing, for the SQL of higher modules that have made sure that its owner is asking.
CREATE FUNCTION handover_code(for_ uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    code_ text;
BEGIN
    walls := set_config('linli.role', 'system', true);
    SELECT code INTO code_ FROM handover_handover WHERE subject = for_ AND state = 'open';
    walls := set_config('linli.role', was, true);
    RETURN code_;
END $$;
