-- Posting: the one way in. `ledger_post` runs as the owner of the tables, whatever its caller may see.
--
-- Cost on the hot path: books, journals, accounts, postings with their check: four statements, however many journals and
-- legs; a call that debits guarded accounts adds the lock and the fold or the escrow's sum. An order (capture of 3 legs
-- with a new escrow, completion of 5) costs 3.9 ms of server CPU where bare inserts of the same rows cost 1.4: the check
-- of the sum 0.5, the walls 0.4, the rest finds accounts and guards; with plans that are not kept (spine_keep_plans) it was
-- 7.2. Compare: bench/ledger_post.py.

CREATE FUNCTION ledger_guard(account bigint, minor bigint) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    IF minor > 0 THEN
        RAISE EXCEPTION 'account % would be overdrawn by %', account, minor
            USING ERRCODE = 'LL002', DETAIL = (SELECT a.address || ' ' || minor FROM ledger_account a WHERE a.id = account);
    END IF;
    RETURN minor;
END $$;

-- A book opens with its first journal, in its currency and the house's zone; `open_book` opens one with another zone.
CREATE FUNCTION ledger_open_books(names text[], currencies text[], zone text, at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    caller constant text := ledger_enter();
    wrong text;
BEGIN
    PERFORM at AT TIME ZONE zone;  -- an unknown zone is refused here, not at the first posting
    SELECT name INTO wrong FROM unnest(names) AS name WHERE name !~ '^(platform|property):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
    IF FOUND THEN
        RAISE EXCEPTION '% is no book', wrong USING ERRCODE = 'LL003', DETAIL = wrong;
    END IF;
    INSERT INTO ledger_book (name, kind, subject, currency, timezone, opened_at)
    SELECT DISTINCT ON (g.name) g.name, split_part(g.name, ':', 1), split_part(g.name, ':', 2)::uuid, g.currency, zone, at
    FROM unnest(names, currencies) AS g (name, currency) ORDER BY g.name
    ON CONFLICT (name) DO NOTHING;
    SELECT g.name || ' ' || g.currency INTO wrong
    FROM unnest(names, currencies) AS g (name, currency) JOIN ledger_book b ON b.name = g.name WHERE b.currency <> g.currency;
    IF FOUND THEN
        RAISE EXCEPTION 'a book has one currency: %', wrong USING ERRCODE = 'LL001', DETAIL = wrong;
    END IF;
    PERFORM ledger_leave(caller);
END $$;

-- Accounts open with their first posting, where the chart knows the address in that kind of book; answers that it tried.
CREATE FUNCTION ledger_open_accounts(book_ids integer[], addresses text[], at timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    WITH opened AS (
        INSERT INTO ledger_account (book_id, address, code, guarded, cached, subject, company, community, opened_at)
        SELECT DISTINCT ON (b.id, g.address) b.id, g.address, c.code, c.guarded, c.cached,
               ledger_uuid_part(g.address, c.subject_part),
               CASE b.kind WHEN 'property' THEN b.subject ELSE ledger_uuid_part(g.address, c.company_part) END,
               ledger_uuid_part(g.address, c.community_part), at
        FROM unnest(book_ids, addresses) AS g (book_id, address)
        JOIN ledger_book b ON b.id = g.book_id
        JOIN ledger_chart c ON c.word = split_part(g.address, ':', 1) AND c.book_kind = b.kind AND g.address ~ c.pattern
        ORDER BY b.id, g.address
        ON CONFLICT (book_id, address) DO NOTHING
        RETURNING id, cached
    )
    INSERT INTO ledger_balance (account_id, folded_at) SELECT id, at FROM opened WHERE cached;
    RETURN true;
END $$;

CREATE FUNCTION ledger_uuid_part(address text, part integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN part > 0 AND split_part(address, ':', part) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                THEN split_part(address, ':', part)::uuid END
$$;

-- Takes what came into the cached accounts since into their balances, plus what this posting moves; refuses overdrafts.
-- The caller holds the accounts' locks, so only it deletes their rows of the queue.
CREATE FUNCTION ledger_fold(held bigint[], moved_accounts bigint[], moved_minors bigint[], at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    WITH folded AS (
        DELETE FROM ledger_unfolded WHERE account_id = ANY (held) RETURNING account_id, amount_minor
    ), moved AS (
        SELECT account_id, sum(amount_minor)::bigint AS minor
        FROM (SELECT * FROM folded UNION ALL SELECT * FROM unnest(moved_accounts, moved_minors)) AS m (account_id, amount_minor)
        GROUP BY account_id
    )
    UPDATE ledger_balance b SET balance_minor = ledger_guard(b.account_id, b.balance_minor + moved.minor), folded_at = at
    FROM moved WHERE b.account_id = moved.account_id;
END $$;

-- Posts journals with their legs (leg_journals counts the journals from 1) and answers their ids in the order given.
-- Idempotent by (book, key): the same content answers the id of the first time. Its instant is not content: who repeats
-- a key after a lost answer comes with a later clock. Legs of nothing are left out.
CREATE FUNCTION ledger_post(
    keys text[], books text[], currencies text[], documents text[], kinds text[], ats timestamptz[],
    leg_journals integer[], leg_addresses text[], leg_minors bigint[], reverses bigint[] DEFAULT '{}'
) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    caller text := ledger_enter();
    total constant integer := cardinality(keys);
    recorded constant timestamptz := clock_timestamp();
    book_ids integer[];
    ids bigint[];        -- of each journal given
    known bigint[];      -- the same, where some of them were posted before
    fresh bigint[];      -- of each journal that is written now, else NULL
    legs integer[];      -- of each leg given, its number in its journal; NULL where it moves nothing or is posted already
    counts integer[];    -- of each journal given, its legs
    accounts bigint[];   -- of each leg given
    cached bigint[];     -- the cached among them
    held bigint[];       -- the guarded that are debited
    escrows bigint[];    -- the held that have no cached balance
    since timestamptz;   -- no posting of the escrows is older
    missing boolean;
    unknown_books integer[];  -- of each address that is no account yet
    unknown text[];
    opened boolean := false;
    written integer;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the ledger guards balances by locks and needs READ COMMITTED'
            USING ERRCODE = 'invalid_transaction_state';
    END IF;
    IF total > 5000 OR cardinality(leg_journals) > 20000 THEN
        RAISE EXCEPTION 'post at most 5000 journals with 20000 legs at once' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    IF cardinality(leg_journals) <> cardinality(leg_addresses) OR cardinality(leg_journals) <> cardinality(leg_minors)
       OR array_position(leg_minors, NULL) IS NOT NULL OR array_position(leg_journals, NULL) IS NOT NULL
       OR NOT 1 <= ALL (leg_journals) OR NOT total >= ALL (leg_journals) THEN
        RAISE EXCEPTION 'legs without a journal, an address or an amount' USING ERRCODE = 'LL001';
    END IF;

    SELECT array_agg(b.id ORDER BY n), array_agg(nextval('ledger_journal_id_seq') ORDER BY n),
           bool_or(b.currency IS DISTINCT FROM g.currency)
    INTO book_ids, ids, missing
    FROM unnest(books, currencies) WITH ORDINALITY AS g (name, currency, n) LEFT JOIN ledger_book b ON b.name = g.name;
    IF missing THEN
        PERFORM ledger_open_books(books, currencies, 'Asia/Shanghai', recorded);
        SELECT array_agg(b.id ORDER BY n) INTO book_ids
        FROM unnest(books) WITH ORDINALITY AS g (name, n) JOIN ledger_book b ON b.name = g.name;
    END IF;

    WITH new AS (
        INSERT INTO ledger_journal (id, book_id, key, currency, kind, document, at, business_on, recorded_on,
                                    reverses_id, created_at)
        SELECT ids[n], b.id, g.key, g.currency, g.kind, g.document, g.at, (g.at AT TIME ZONE b.timezone)::date,
               (recorded AT TIME ZONE b.timezone)::date, g.reverses, recorded
        FROM unnest(keys, book_ids, currencies, documents, kinds, ats, reverses) WITH ORDINALITY
             AS g (key, book_id, currency, document, kind, at, reverses, n)
        JOIN ledger_book b ON b.id = g.book_id
        ORDER BY b.id, g.key, n
        ON CONFLICT (book_id, key) DO NOTHING
        RETURNING id
    )
    SELECT array_agg(id) INTO fresh FROM new;
    written := coalesce(cardinality(fresh), 0);
    IF written = total THEN
        fresh := ids;
    ELSE
        SELECT array_agg(j.id ORDER BY n), array_agg(CASE WHEN j.id = ids[n] THEN j.id END ORDER BY n)
        INTO known, fresh
        FROM unnest(book_ids, keys) WITH ORDINALITY AS g (book_id, key, n)
        JOIN LATERAL (SELECT id FROM ledger_journal WHERE book_id = g.book_id AND key = g.key OFFSET 0) j ON true;
        ids := known;
    END IF;

    counts := array_fill(0, ARRAY[total]);
    legs := array_fill(NULL::integer, ARRAY[cardinality(leg_journals)]);
    FOR n IN 1 .. cardinality(leg_journals) LOOP
        IF leg_minors[n] <> 0 AND fresh[leg_journals[n]] IS NOT NULL THEN
            counts[leg_journals[n]] := counts[leg_journals[n]] + 1;
            legs[n] := counts[leg_journals[n]];
        END IF;
    END LOOP;

    LOOP
        SELECT array_agg(a.id ORDER BY n), bool_or(a.id IS NULL),
               coalesce(array_agg(DISTINCT a.id) FILTER (WHERE a.cached), '{}'),
               array_agg(DISTINCT a.id) FILTER (WHERE a.guarded AND l.minor > 0 AND fresh[l.journal] IS NOT NULL),
               array_agg(DISTINCT a.id) FILTER (WHERE a.guarded AND l.minor > 0 AND NOT a.cached AND fresh[l.journal] IS NOT NULL),
               min(a.opened_at) FILTER (WHERE a.guarded AND NOT a.cached) - interval '1 day'
        INTO accounts, missing, cached, held, escrows, since
        FROM unnest(leg_journals, leg_addresses, leg_minors) WITH ORDINALITY AS l (journal, address, minor, n)
        LEFT JOIN LATERAL (  -- fenced, so that each is looked up whatever the planner believes of the table
            SELECT * FROM ledger_account WHERE book_id = book_ids[l.journal] AND address = l.address OFFSET 0) a ON true;
        EXIT WHEN NOT coalesce(missing, false);
        IF opened THEN
            RAISE EXCEPTION 'the chart knows no such account' USING ERRCODE = 'LL003',
                DETAIL = leg_addresses[array_position(accounts, NULL)];
        END IF;
        FOR n IN 1 .. cardinality(accounts) LOOP
            IF accounts[n] IS NULL THEN
                unknown_books := unknown_books || book_ids[leg_journals[n]];
                unknown := unknown || leg_addresses[n];
            END IF;
        END LOOP;
        opened := ledger_open_accounts(unknown_books, unknown, recorded);
    END LOOP;

    FOR n IN 1 .. total LOOP
        IF fresh[n] IS NOT NULL AND counts[n] = 0 THEN
            RAISE EXCEPTION 'a journal without postings' USING ERRCODE = 'LL001';
        END IF;
    END LOOP;
    IF held IS NOT NULL THEN
        PERFORM FROM ledger_account WHERE id = ANY (held) ORDER BY id FOR NO KEY UPDATE;
    END IF;

    INSERT INTO ledger_posting (journal_id, leg, account_id, amount_minor, at, recorded_at)
    SELECT fresh[l.journal], l.leg, l.account, l.minor, ats[l.journal], recorded
    FROM unnest(leg_journals, legs, accounts, leg_minors) AS l (journal, leg, account, minor) WHERE l.leg IS NOT NULL;
    IF cardinality(cached) > 0 THEN
        INSERT INTO ledger_unfolded (account_id, journal_id, leg, amount_minor)
        SELECT l.account, fresh[l.journal], l.leg, l.minor
        FROM unnest(leg_journals, legs, accounts, leg_minors) AS l (journal, leg, account, minor)
        WHERE l.leg IS NOT NULL AND l.account = ANY (cached) AND NOT l.account = ANY (coalesce(held, '{}'));
    END IF;

    IF held IS NOT NULL THEN
        PERFORM ledger_fold(held, array_agg(accounts[n]), array_agg(l.minor), recorded)
        FROM unnest(leg_journals, leg_minors) WITH ORDINALITY AS l (journal, minor, n)
        WHERE accounts[n] = ANY (held) AND fresh[l.journal] IS NOT NULL;
    END IF;
    IF escrows IS NOT NULL THEN
        PERFORM ledger_guard(p.account_id, sum(p.amount_minor)::bigint) FROM ledger_posting p
        WHERE p.account_id = ANY (escrows) AND p.recorded_at >= since GROUP BY p.account_id;
    END IF;
    IF known IS NOT NULL THEN
        PERFORM ledger_compare(ids, fresh, currencies, documents, kinds, reverses, leg_journals, accounts, leg_minors);
    END IF;
    caller := ledger_leave(caller);
    RETURN ids;
END $$;

-- A key that comes again must mean what it meant.
CREATE FUNCTION ledger_compare(
    ids bigint[], fresh bigint[], currencies text[], documents text[], kinds text[], reverses bigint[],
    leg_journals integer[], accounts bigint[], leg_minors bigint[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE other record;
BEGIN
    SELECT j.id, b.name, j.key INTO other
    FROM unnest(ids) WITH ORDINALITY AS g (id, n)
    JOIN ledger_journal j ON j.id = g.id
    JOIN ledger_book b ON b.id = j.book_id
    WHERE fresh[n] IS NULL AND (
        (j.currency, j.document, j.kind, coalesce(j.reverses_id, 0))
            IS DISTINCT FROM (currencies[n], documents[n], kinds[n], coalesce(reverses[n], 0))
        OR ARRAY (SELECT (p.account_id, p.amount_minor)::text FROM ledger_posting p
                  WHERE p.journal_id = j.id AND p.recorded_at = j.created_at ORDER BY 1)
            IS DISTINCT FROM
           ARRAY (SELECT (accounts[l.n], l.minor)::text
                  FROM unnest(leg_journals, leg_minors) WITH ORDINALITY AS l (journal, minor, n)
                  WHERE l.journal = g.n AND l.minor <> 0 ORDER BY 1)
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the key % of % was posted as journal % with other content', other.key, other.name, other.id
            USING ERRCODE = 'LL004', DETAIL = other.name || ' ' || other.key;
    END IF;
END $$;

-- Holds accounts until the transaction ends and answers their balances (debit positive): what a waterfall draws from.
CREATE FUNCTION ledger_hold(book text, addresses text[]) RETURNS bigint[]
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    caller constant text := ledger_enter();
    found_ids bigint[];
    answer bigint[];
BEGIN
    SELECT array_agg(a.id) INTO found_ids
    FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id WHERE b.name = book AND a.address = ANY (addresses);
    PERFORM FROM ledger_account WHERE id = ANY (found_ids) AND guarded ORDER BY id FOR NO KEY UPDATE;
    PERFORM ledger_fold(found_ids, '{}', '{}', clock_timestamp());
    SELECT array_agg(coalesce(v.balance_minor, 0) ORDER BY n) INTO answer
    FROM unnest(addresses) WITH ORDINALITY AS g (address, n)
    LEFT JOIN (ledger_account a JOIN ledger_book b ON b.id = a.book_id AND b.name = book) ON a.address = g.address
    LEFT JOIN LATERAL (SELECT ledger_balance_of(a.id) AS balance_minor) v ON true;
    PERFORM ledger_leave(caller);
    RETURN answer;
END $$;

-- The balance of an account, cached or not, as its caller's walls show it.
CREATE FUNCTION ledger_balance_of(account bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN a.cached
        THEN (SELECT b.balance_minor FROM ledger_balance b WHERE b.account_id = a.id)
             + coalesce((SELECT sum(u.amount_minor) FROM ledger_unfolded u WHERE u.account_id = a.id), 0)
        ELSE coalesce((SELECT sum(p.amount_minor) FROM ledger_posting p
                       WHERE p.account_id = a.id AND p.recorded_at >= a.opened_at - interval '1 day'), 0)
        END::bigint
    FROM ledger_account a WHERE a.id = account
$$;

-- Folds the queue of up to `most` accounts in the background; whoever is debiting one of them folds it himself.
CREATE FUNCTION ledger_roll_up(most integer, at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    caller constant text := ledger_enter();
    held bigint[];
BEGIN
    SELECT array_agg(id) INTO held FROM (
        SELECT a.id FROM ledger_account a
        WHERE a.id IN (SELECT DISTINCT u.account_id FROM ledger_unfolded u LIMIT most)
        ORDER BY a.id FOR NO KEY UPDATE SKIP LOCKED
    ) AS free;
    PERFORM ledger_fold(held, '{}', '{}', at) WHERE held IS NOT NULL;
    PERFORM ledger_leave(caller);
    RETURN coalesce(cardinality(held), 0);
END $$;

-- Makes every cached balance anew from the postings, and says how many had been wrong. Holds all of them meanwhile.
CREATE FUNCTION ledger_rebuild(at timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    caller constant text := ledger_enter();
    wrong integer;
BEGIN
    PERFORM FROM ledger_account WHERE cached ORDER BY id FOR NO KEY UPDATE;
    WITH emptied AS (
        DELETE FROM ledger_unfolded RETURNING account_id, amount_minor
    ), queued AS (
        SELECT account_id, sum(amount_minor) AS minor FROM emptied GROUP BY account_id
    ), summed AS (
        SELECT account_id, sum(amount_minor)::bigint AS minor FROM ledger_posting GROUP BY account_id
    ), truth AS (
        SELECT a.id, coalesce(s.minor, 0) AS minor, coalesce(q.minor, 0) AS queued
        FROM ledger_account a LEFT JOIN summed s ON s.account_id = a.id LEFT JOIN queued q ON q.account_id = a.id
        WHERE a.cached
    ), mended AS (
        INSERT INTO ledger_balance AS b (account_id, balance_minor, folded_at)
        SELECT t.id, t.minor, at FROM truth t
        ON CONFLICT (account_id) DO UPDATE SET balance_minor = excluded.balance_minor, folded_at = excluded.folded_at
        RETURNING account_id
    )
    SELECT count(*) INTO wrong FROM truth t LEFT JOIN ledger_balance b ON b.account_id = t.id
    WHERE b.balance_minor IS DISTINCT FROM t.minor - t.queued AND (SELECT count(*) FROM mended) >= 0;
    PERFORM ledger_leave(caller);
    RETURN wrong;
END $$;

DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['ledger_make_months', 'ledger_open_books', 'ledger_post', 'ledger_hold', 'ledger_roll_up', 'ledger_rebuild'] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = %I, pg_temp', f, current_schema());
    END LOOP;
END $$;

SELECT spine_keep_plans('^ledger_(post|hold)$');

SELECT ledger_make_months(current_date, 3);
