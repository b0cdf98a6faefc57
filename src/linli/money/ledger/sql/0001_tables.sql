-- What the database itself holds true about journals and postings. Loaded after the tables of models.py are made.

-- The n-th leg of a journal. The month is that of recording: a month that is over never changes again.
CREATE TABLE ledger_posting (
    journal_id bigint NOT NULL,
    account_id bigint NOT NULL,
    amount_minor bigint NOT NULL CONSTRAINT ledger_posting_amount CHECK (amount_minor <> 0),
    at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    leg integer NOT NULL,
    PRIMARY KEY (journal_id, leg, recorded_at)
) PARTITION BY RANGE (recorded_at);

CREATE INDEX ledger_posting_account ON ledger_posting (account_id, journal_id, leg) INCLUDE (amount_minor);

-- The rows of the queue come and go all day: vacuum by count, not by share. Balance rows are rewritten in place.
ALTER TABLE ledger_unfolded SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
ALTER TABLE ledger_balance SET (fillfactor = 50);

-- One check per statement does the work of the sum, of the foreign keys (which would lock the rows of hot accounts) and
-- of "no leg is added later": the legs of a journal are 1..n in one statement and carry its instants, so a second
-- statement meets the primary key.
CREATE FUNCTION ledger_refuse_partial() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE bad record;
BEGIN
    SELECT * INTO bad FROM (
        SELECT p.journal_id, sum(p.amount_minor) AS total, count(*) AS legs, min(p.leg) AS first, max(p.leg) AS last,
               bool_and(coalesce(p.recorded_at = j.created_at AND p.at = j.at AND a.book_id = j.book_id, false)) AS fits
        FROM arrived p
        LEFT JOIN LATERAL (SELECT * FROM ledger_journal WHERE id = p.journal_id OFFSET 0) j ON true
        LEFT JOIN LATERAL (SELECT * FROM ledger_account WHERE id = p.account_id OFFSET 0) a ON true
        GROUP BY p.journal_id
    ) n WHERE total <> 0 OR first <> 1 OR last <> legs OR NOT fits LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'journal % may not be posted so: its postings sum to %, and % legs numbered % to % came together',
            bad.journal_id, bad.total, bad.legs, bad.first, bad.last
            USING ERRCODE = 'LL001', HINT = 'all postings of a journal arrive in one statement, with its book and instants';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_posting_whole AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS arrived
FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_partial();

-- Statement triggers of a partitioned table do not see statements on its partitions: each carries its own.
CREATE FUNCTION ledger_guard_partition(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER ledger_posting_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
                    FOR EACH STATEMENT EXECUTE FUNCTION spine_refuse_change()', name);
    EXECUTE format('CREATE TRIGGER ledger_posting_whole AFTER INSERT ON %I REFERENCING NEW TABLE AS arrived
                    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_partial()', name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
END $$;

-- This module's functions act in the role 'ledger' and give their caller's role back; an error rolls it back.
CREATE FUNCTION ledger_enter() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    caller constant text := coalesce(current_setting('linli.role', true), '');
    walls constant text := set_config('linli.role', 'ledger', true);
BEGIN
    RETURN caller;
END $$;

CREATE FUNCTION ledger_leave(caller text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN set_config('linli.role', caller, true);
END $$;

CREATE TABLE ledger_posting_rest PARTITION OF ledger_posting DEFAULT;
SELECT ledger_guard_partition('ledger_posting_rest');

-- Months are made ahead. One that has postings in the rest already stays there: nothing is lost, only not separated.
CREATE FUNCTION ledger_make_months(first date, months integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET timezone = 'UTC' SET lock_timeout = '3s' AS $$
DECLARE
    month timestamptz;
    name text;
    made integer := 0;
    caller constant text := ledger_enter();
BEGIN
    FOR month IN SELECT generate_series(date_trunc('month', first::timestamp), date_trunc('month', first::timestamp)
                                        + make_interval(months => months - 1), interval '1 month') LOOP
        name := 'ledger_posting_' || to_char(month, 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL
            OR EXISTS (SELECT FROM ledger_posting_rest
                       WHERE recorded_at >= month AND recorded_at < month + interval '1 month');
        EXECUTE format('CREATE TABLE %I (LIKE ledger_posting INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
        EXECUTE format('ALTER TABLE ledger_posting ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       name, month, month + interval '1 month');
        PERFORM ledger_guard_partition(name);
        made := made + 1;
    END LOOP;
    PERFORM ledger_leave(caller);
    RETURN made;
END $$;

-- Whether the caller sees postings of a journal. A function, and not the subselect itself in the wall: whoever writes
-- journals would carry the scans of all months along in each statement, made ready and never run.
CREATE FUNCTION ledger_sees(journal bigint, recorded timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM ledger_posting p WHERE p.journal_id = journal AND p.recorded_at = recorded);
END $$;

-- Walls: the house itself sees all; a party sees the accounts that are its own, and what was posted to them. Nobody
-- writes but this module's functions: they take the role 'ledger', which no scope has, and give it back.
ALTER TABLE ledger_chart ENABLE ROW LEVEL SECURITY;
CREATE POLICY ledger_chart_open ON ledger_chart FOR SELECT USING (true);

DO $$
DECLARE
    wall record;
BEGIN
    FOR wall IN
        SELECT * FROM (VALUES
            ('ledger_book', 'true'),
            ('ledger_account', 'subject IN ((SELECT linli_person()), (SELECT linli_company()))'
                ' OR company = (SELECT linli_company())'),
            ('ledger_posting', 'account_id IN (SELECT a.id FROM ledger_account a)'),
            ('ledger_journal', 'ledger_sees(id, created_at)'),
            ('ledger_unfolded', 'account_id IN (SELECT a.id FROM ledger_account a)'),
            ('ledger_balance', 'account_id IN (SELECT a.id FROM ledger_account a)'),
            ('ledger_seal', 'true'),
            ('ledger_link', 'false')
        ) AS t (name, sees)
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', wall.name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', wall.name);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT
                        USING ((SELECT linli_role()) = ''ledger'' OR (SELECT linli_inside()) OR %s)',
                       wall.name || '_wall', wall.name, wall.sees);
        EXECUTE format('CREATE POLICY %I ON %I USING ((SELECT linli_role()) = ''ledger'')',
                       wall.name || '_written_by_ledger', wall.name);
    END LOOP;
END $$;
