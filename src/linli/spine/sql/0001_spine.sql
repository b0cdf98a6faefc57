-- The settings of the walls (see walls.py). Unset means nothing is seen. A function that crosses them as the house changes
-- the role by assignments (`walls := set_config(...)`) and puts it back: an assignment is worked out in place, a PERFORM is
-- a query that is made ready, run and ended, for ten times as much.
CREATE FUNCTION linli_inside() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('linli.role', true), '') IN ('platform', 'system');

CREATE FUNCTION linli_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('linli.role', true), '');

CREATE FUNCTION linli_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('linli.person', true), '')::uuid;

CREATE FUNCTION linli_communities() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('linli.communities', true), '')::uuid[];

CREATE FUNCTION linli_shop() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('linli.shop', true), '')::uuid;

CREATE FUNCTION linli_company() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('linli.company', true), '')::uuid;

-- For functions that write by key and are called on every order: they, and what they call, plan once for the life of a
-- connection, and look every row up by its index. Left alone, PostgreSQL keeps plans that it made while a table was empty
-- and reads all of it when it is full (after 300 orders that was 4 of the 13 ms of server CPU an order cost), and, as it
-- takes every array for one of ten elements, finds the kept plan too dear and makes a new one at every call. A setting of a
-- function costs about a microsecond a call.
CREATE FUNCTION spine_keep_plans(names text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    f regprocedure;
    setting text;
BEGIN
    FOR f IN SELECT p.oid FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
             WHERE p.pronamespace = current_schema()::regnamespace AND l.lanname = 'plpgsql' AND p.proname ~ names LOOP
        EXECUTE format('ALTER FUNCTION %s SET plan_cache_mode = force_generic_plan', f);
        FOREACH setting IN ARRAY ARRAY['seqscan', 'hashjoin', 'mergejoin', 'material'] LOOP
            EXECUTE format('ALTER FUNCTION %s SET enable_%s = off', f, setting);
        END LOOP;
    END LOOP;
END $$;

CREATE FUNCTION spine_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is insert-only: a correction is a new row', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- The one change that an insert-only table with words of persons allows: the named columns become empty.
CREATE FUNCTION spine_refuse_change_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    word text;
BEGIN
    IF to_jsonb(NEW) - TG_ARGV <> to_jsonb(OLD) - TG_ARGV THEN
        RAISE EXCEPTION '% is insert-only but for the erasure of words', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    FOREACH word IN ARRAY TG_ARGV LOOP
        IF to_jsonb(NEW) -> word NOT IN ('""', '[]') AND to_jsonb(NEW) -> word <> to_jsonb(OLD) -> word THEN
            RAISE EXCEPTION '% may only be emptied', word USING ERRCODE = 'restrict_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;

-- Whoever sleeps until facts are told is rung for (bell.py). Nobody rings where all are awake: notifications leave one
-- transaction after the other, each under a lock that is held until the disk has written.
CREATE FUNCTION outbox_ring() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM spine_bell WHERE asleep_until > now()) THEN
        PERFORM pg_notify('linli_outbox', '');
        RETURN true;
    END IF;
    RETURN false;
END $$;

-- Facts are told in one statement; the order of the arrays is the order of the ids. Answers whether somebody was rung for:
-- what has an answer is called by an assignment.
CREATE FUNCTION outbox_tell(kinds text[], bodies jsonb[]) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO spine_fact (kind, body) SELECT k, b FROM unnest(kinds, bodies) WITH ORDINALITY AS f(k, b, n) ORDER BY n;
    RETURN outbox_ring();
END $$;

-- The same for callers that have their facts as one list of {"kind": ..., "body": ...}.
CREATE FUNCTION outbox_tell(facts jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO spine_fact (kind, body)
    SELECT f ->> 'kind', f -> 'body' FROM jsonb_array_elements(facts) WITH ORDINALITY AS t(f, n) ORDER BY n;
    RETURN outbox_ring();
END $$;

-- Advisory locks in the order of their hashes, with a limit on the wait that ends with the transaction.
CREATE FUNCTION spine_hold(keys text[], wait_ms integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE h bigint;
BEGIN
    PERFORM set_config('lock_timeout', wait_ms || 'ms', true);
    FOR h IN SELECT DISTINCT hashtextextended(k, 0) AS n FROM unnest(keys) AS k ORDER BY n LOOP
        PERFORM pg_advisory_xact_lock(h);
    END LOOP;
    PERFORM set_config('lock_timeout', '0', true);
END $$;

-- The beginning of an outermost action that has a key, in one round trip: walls, key, audit row (without a key it is a
-- statement, see action.py). A key belongs to a person; the action refuses one that nobody sent. Answers NULL to go on,
-- 'busy:' while the same key runs elsewhere, 'other:' for another request, 'done:<response>'.
CREATE FUNCTION spine_begin(role_ text, person_ text, communities_ text, shop_ text, company_ text,
                            action_ text, said_ text, once_ text, fingerprint_ bytea)
RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    who uuid := nullif(person_, '')::uuid;
    before spine_response;
    walls constant text[] := ARRAY[
        set_config('linli.role', role_, true), set_config('linli.person', person_, true),
        set_config('linli.communities', communities_, true), set_config('linli.shop', shop_, true),
        set_config('linli.company', company_, true)];
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended(person_ || once_, 1)) THEN
        RETURN 'busy:';
    END IF;
    SELECT * INTO before FROM spine_response WHERE person = who AND key = once_;
    IF FOUND THEN
        IF before.fingerprint <> fingerprint_ THEN RETURN 'other:'; END IF;
        RETURN 'done:' || before.response;
    END IF;
    INSERT INTO spine_response (person, key, fingerprint) VALUES (who, once_, fingerprint_);
    INSERT INTO spine_audit (person, role, action, said) VALUES (who, role_, action_, said_::jsonb);
    RETURN NULL;
END $$;

-- What an erased person was answered is forgotten with them.
CREATE FUNCTION spine_forget(person_ uuid) RETURNS void LANGUAGE sql AS $$
    DELETE FROM spine_response WHERE person = person_;
$$;

CREATE FUNCTION spine_finish(once_ text, response_ text) RETURNS void LANGUAGE sql AS $$
    UPDATE spine_response SET response = response_
    WHERE person = linli_person() AND key = once_;
$$;
