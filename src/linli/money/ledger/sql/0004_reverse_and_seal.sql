-- A correction is a mirrored journal. LL005: it was reversed already, or is a reversal itself.
CREATE FUNCTION ledger_reverse(book text, journal_key text, new_key text, new_document text, new_at timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    caller constant text := ledger_enter();
    old ledger_journal;
    answer bigint;
BEGIN
    SELECT j.* INTO old FROM ledger_journal j JOIN ledger_book b ON b.id = j.book_id WHERE b.name = book AND j.key = journal_key;
    IF old.reverses_id IS NOT NULL
       OR EXISTS (SELECT FROM ledger_journal j WHERE j.reverses_id = old.id AND j.key <> new_key) THEN
        RAISE EXCEPTION 'journal % cannot be reversed again', old.id USING ERRCODE = 'LL005', DETAIL = journal_key;
    END IF;
    IF old.id IS NOT NULL THEN
        SELECT (ledger_post(ARRAY[new_key], ARRAY[book], ARRAY[old.currency], ARRAY[new_document], ARRAY['reversal'],
                            ARRAY[new_at], array_agg(1 ORDER BY p.leg), array_agg(a.address ORDER BY p.leg),
                            array_agg(-p.amount_minor ORDER BY p.leg), ARRAY[old.id]))[1]
        INTO answer
        FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
        WHERE p.journal_id = old.id AND p.recorded_at = old.created_at;
    END IF;
    PERFORM ledger_leave(caller);
    RETURN answer;
END $$;

-- Who has written journals and not finished yet: the sealer waits until these are gone, and nobody waits for it.
CREATE FUNCTION ledger_writers() RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT virtualtransaction), '{}') FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'ledger_journal'::regclass AND mode = 'RowExclusiveLock'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
$$;

-- A journal as the bytes that are hashed; rules.canonical writes the same.
CREATE FUNCTION ledger_content(journal bigint) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT convert_to(concat_ws(E'\n', b.name, j.key, j.currency, j.kind, j.document,
               (extract(epoch FROM j.at) * 1000000)::bigint::text, coalesce(r.key, ''),
               (SELECT string_agg(coalesce(a.address, '?') || ' ' || p.amount_minor, E'\n' ORDER BY p.leg)
                FROM ledger_posting p LEFT JOIN ledger_account a ON a.id = p.account_id
                WHERE p.journal_id = j.id AND p.recorded_at = j.created_at)), 'UTF8')
    FROM ledger_journal j
    JOIN ledger_book b ON b.id = j.book_id
    LEFT JOIN ledger_journal r ON r.id = j.reverses_id
    WHERE j.id = journal
$$;

CREATE FUNCTION ledger_chain_step(state bytea, seed bytea, content bytea) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(coalesce(state, seed) || content);

CREATE AGGREGATE ledger_chain (seed bytea, content bytea) (SFUNC = ledger_chain_step, STYPE = bytea);

-- Seals up to `most` days that are over, oldest first: a day of recording, not of business, so a late journal belongs to
-- the day it came. The clock is the database's own, which also stamped the journals; five minutes for it to wander.
CREATE FUNCTION ledger_seal_days(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    caller constant text := ledger_enter();
    over constant timestamptz := clock_timestamp() - interval '5 minutes';
    book ledger_book;
    last ledger_seal;
    day date;
    seal bigint;
    sealed integer := 0;
BEGIN
    FOR book IN SELECT * FROM ledger_book ORDER BY id LOOP
        WHILE sealed < most LOOP
            SELECT * INTO last FROM ledger_seal WHERE book_id = book.id ORDER BY recorded_on DESC LIMIT 1;
            SELECT min(recorded_on) INTO day FROM ledger_journal
            WHERE book_id = book.id AND recorded_on > coalesce(last.recorded_on, '-infinity')
              AND recorded_on < (over AT TIME ZONE book.timezone)::date;
            EXIT WHEN day IS NULL;
            seal := nextval('ledger_seal_id_seq');
            WITH linked AS (
                INSERT INTO ledger_link (journal_id, seal_id, hash)
                SELECT j.id, seal, ledger_chain(coalesce(last.hash, decode(repeat('00', 32), 'hex')), ledger_content(j.id))
                                   OVER (ORDER BY j.id)
                FROM ledger_journal j WHERE j.book_id = book.id AND j.recorded_on = day
                RETURNING journal_id, hash
            )
            INSERT INTO ledger_seal (id, book_id, recorded_on, journals, previous, hash, sealed_at)
            SELECT seal, book.id, day, count(*), coalesce(last.hash, decode(repeat('00', 32), 'hex')),
                   (array_agg(hash ORDER BY journal_id DESC))[1], clock_timestamp()
            FROM linked;
            sealed := sealed + 1;
        END LOOP;
    END LOOP;
    PERFORM ledger_leave(caller);
    RETURN sealed;
END $$;

-- What does not fit its seal, from a day on: at most a hundred, each in a word and with the journal where there is one.
CREATE FUNCTION ledger_broken_seals(since date) RETURNS TABLE (book text, recorded_on date, journal_id bigint, what text)
LANGUAGE sql STABLE AS $$
    WITH seal AS (
        SELECT s.*, lag(s.hash) OVER (PARTITION BY s.book_id ORDER BY s.recorded_on) AS before FROM ledger_seal s
    ), link AS (
        SELECT l.journal_id, l.hash, s.book_id, s.recorded_on, s.id AS seal_id,
               coalesce(lag(l.hash) OVER (PARTITION BY l.seal_id ORDER BY l.journal_id), s.previous) AS previous
        FROM ledger_link l JOIN seal s ON s.id = l.seal_id WHERE s.recorded_on >= since
    ), broken AS (
        SELECT book_id, recorded_on, journal_id, 'content' AS what FROM link
        WHERE hash IS DISTINCT FROM sha256(previous || ledger_content(journal_id))
        UNION ALL
        SELECT s.book_id, s.recorded_on, NULL, 'seal' FROM seal s
        LEFT JOIN (SELECT seal_id, count(*) AS links, (array_agg(hash ORDER BY journal_id DESC))[1] AS last
                   FROM link GROUP BY seal_id) l ON l.seal_id = s.id
        WHERE s.recorded_on >= since
          AND (s.previous, s.journals, s.hash)
              IS DISTINCT FROM (coalesce(s.before, decode(repeat('00', 32), 'hex')), l.links, l.last)
        UNION ALL
        SELECT j.book_id, j.recorded_on, j.id, 'unsealed' FROM ledger_journal j
        JOIN ledger_seal s ON s.book_id = j.book_id AND s.recorded_on = j.recorded_on
        WHERE j.recorded_on >= since AND NOT EXISTS (SELECT FROM ledger_link l WHERE l.journal_id = j.id)
    )
    SELECT b.name, n.recorded_on, n.journal_id, n.what
    FROM broken n JOIN ledger_book b ON b.id = n.book_id ORDER BY 2, 3 LIMIT 100
$$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['ledger_reverse', 'ledger_seal_days'] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', f, current_schema());
    END LOOP;
END $$;
