-- Late fees, the same sums as rules/late_fees.py (a property of the tests), for a million lines in one night.

-- What the late fee of one line has come to when the day `on_` begins. `days` rise; `minors` say by how much what was
-- unpaid fell on each (a payment, a credit; negative where a payment was taken back).
CREATE FUNCTION billing_late_fee(
    principal bigint, due_on date, on_ date, days date[], minors bigint[], accrual text, rate numeric, grace_days integer,
    from_due_on boolean, cap_bp integer, cap_minor bigint, stops_on date, towards text, step integer
) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    first constant date := due_on + 1 + grace_days;
    start constant date := CASE WHEN from_due_on THEN due_on + 1 ELSE first END;
    stop constant date := least(on_, stops_on);
    changes constant integer := coalesce(cardinality(days), 0);
    unpaid numeric := principal;
    since date := start;
    until date;
    exact numeric := 0;
    nth integer := 1;
    fee numeric;
BEGIN
    IF on_ <= first OR start >= stop THEN
        RETURN 0;
    END IF;
    WHILE since < stop LOOP
        WHILE nth <= changes AND days[nth] <= since LOOP
            unpaid := unpaid - minors[nth];
            nth := nth + 1;
        END LOOP;
        until := CASE WHEN nth <= changes THEN least(days[nth], stop) ELSE stop END;
        IF unpaid > 0 THEN
            IF accrual = 'fixed' THEN
                exact := rate * 100;
                EXIT;
            ELSIF accrual = 'daily' THEN
                exact := exact + unpaid * rate * (until - since);
            ELSIF accrual = 'monthly' THEN
                exact := exact + unpaid * rate * billing_months_begun(start, since, until);
            ELSE  -- compound: forty digits, as many as nobody's debt needs
                exact := exact + (unpaid + exact) * (power((1 + rate)::numeric(60, 40), (until - since)::numeric) - 1);
            END IF;
        END IF;
        since := until;
    END LOOP;
    exact := exact / step;
    fee := step * CASE towards WHEN 'up' THEN ceil(exact) WHEN 'down' THEN floor(exact) ELSE round(exact) END;
    RETURN least(fee, round(principal::numeric * cap_bp / 10000), cap_minor);
END $$;

-- How many months, counted from `start`, begin within [since, until).
CREATE FUNCTION billing_months_begun(start date, since date, until date) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    months integer := 0;
    begun date := start;
    count integer := 0;
BEGIN
    WHILE begun < until LOOP
        count := count + (begun >= since)::integer;
        months := months + 1;
        begun := (start + make_interval(months => months))::date;
    END LOOP;
    RETURN count;
END $$;

-- Works out the next portion of open lines, after the line where the last portion ended: by what each fee has grown since
-- it was last worked out grows its line of this month, or a new one begins; and every community's portion is one journal.
-- A line of a fee of which something was paid or waived, that is being collected or is in a plan, grows no more: what was
-- told of it stays. Asked again for the same day it adds nothing. A community whose month is closed waits.
--
-- Cost of a line, the nights of a month after its first: what it comes to, its row and the row of `billing_late` written
-- anew, and a leg for each account: no foreign key is looked at, and no row is added but to the book.
CREATE FUNCTION billing_accrue(after_subject uuid, after_line bigint, most integer, at_ timestamptz)
RETURNS TABLE (last_subject uuid, last_line bigint, seen integer, lines integer, minor bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    keys text[]; books text[]; currencies text[]; documents text[];
    leg_journals integer[]; leg_addresses text[]; leg_minors bigint[];
    ids bigint[]; fees bigint[]; growths bigint[]; sinces date[]; days date[]; grow bigint[];
BEGIN
    WITH rule AS MATERIALIZED (
        SELECT t.id, late ->> 'accrual' AS accrual, (late ->> 'rate')::numeric AS rate,
               (late ->> 'grace_days')::integer AS grace_days, (late ->> 'from_due_on')::boolean AS from_due_on,
               (late ->> 'cap_bp')::integer AS cap_bp, (late -> 'cap' ->> 'minor')::bigint AS cap_minor,
               (late ->> 'stops_on')::date AS stops_on, late -> 'rounding' ->> 'towards' AS towards,
               (late -> 'rounding' ->> 'step')::integer AS step
        FROM billing_tariff t, LATERAL (SELECT t.terms -> 'late' AS late) AS told
        WHERE jsonb_typeof(late) = 'object'
    ), portion AS MATERIALIZED (
        SELECT l.id, l.tariff_id, l.community, l.amount_minor, l.due_on, l.subject, l.obligor, l.item_id
        FROM billing_line l
        WHERE (l.subject, l.id) > (after_subject, after_line) AND l.kind = 'charge'
          AND l.is_open
        ORDER BY l.subject, l.id LIMIT most
    ), today AS MATERIALIZED (
        SELECT c.community, c.on_,
               EXISTS (SELECT FROM billing_month m WHERE m.community = c.community AND m.state = 'closed'
                       AND m.first_on = date_trunc('month', c.on_)::date) AS is_closed
        FROM (SELECT p.community, places_day(p.community, at_) AS on_ FROM (SELECT DISTINCT community FROM portion) p) c
    ), due AS MATERIALIZED (
        SELECT p.*, d.on_, coalesce(f.until_on, p.due_on + 1) AS since, coalesce(f.minor, 0) AS before,
               CASE WHEN date_trunc('month', f.grows_on) = date_trunc('month', d.on_) THEN f.grows END AS grows,
               r.accrual, r.rate, r.grace_days, r.from_due_on, r.cap_bp, r.cap_minor, r.stops_on, r.towards, r.step
        FROM portion p
        JOIN rule r ON r.id = p.tariff_id
        JOIN today d ON d.community = p.community AND NOT d.is_closed
        LEFT JOIN billing_late f ON f.line_id = p.id
        WHERE d.on_ > p.due_on + 1 + r.grace_days AND (f.until_on IS NULL OR f.until_on < d.on_)
    ), change AS MATERIALIZED (
        -- By how much what was unpaid of a line fell on a day. Most lines that are late have no history at all.
        SELECT n.id AS line, places_day(n.community, a.allocated_at) AS day, a.amount_minor AS minor
        FROM due n JOIN billing_allocation a ON a.line_id = n.id
        UNION ALL
        SELECT n.id, places_day(n.community, k.issued_at), -k.amount_minor
        FROM due n JOIN billing_line k ON k.credits_id = n.id
        UNION ALL
        -- While a plan is kept the line counts as if nothing of it were unpaid.
        SELECT n.id, p.start_on, n.amount_minor
        FROM due n JOIN billing_pause p ON p.line_id = n.id AND p.stops_late
        UNION ALL
        SELECT n.id, p.end_on, -n.amount_minor
        FROM due n JOIN billing_pause p ON p.line_id = n.id AND p.stops_late AND p.end_on IS NOT NULL
    ), history AS MATERIALIZED (
        SELECT c.line, array_agg(c.day ORDER BY c.day) AS days, array_agg(c.minor ORDER BY c.day) AS minors
        FROM (SELECT line, day, sum(minor)::bigint AS minor FROM change GROUP BY line, day) c GROUP BY c.line
    ), worked_out AS MATERIALIZED (
        SELECT n.*, fee, fee - n.before AS grown
        FROM due n LEFT JOIN history e ON e.line = n.id
        CROSS JOIN LATERAL (
            SELECT billing_late_fee(n.amount_minor, n.due_on, n.on_, e.days, e.minors, n.accrual, n.rate, n.grace_days,
                                    n.from_due_on, n.cap_bp, n.cap_minor, n.stops_on, n.towards, n.step) AS fee
            OFFSET 0
        ) w
        WHERE fee > n.before
    ), owed AS MATERIALIZED (
        SELECT n.community, n.subject, n.obligor, i.company, sum(n.grown)::bigint AS minor, min(n.id) AS first,
               min(n.on_) AS on_
        FROM worked_out n JOIN billing_item i ON i.id = n.item_id GROUP BY n.community, n.subject, n.obligor, i.company
    ), journal AS MATERIALIZED (
        SELECT o.community, o.company, min(o.first) AS first, min(o.on_) AS on_, sum(o.minor)::bigint AS minor,
               row_number() OVER (ORDER BY o.community, o.company)::integer AS nth,
               (SELECT m.currency FROM billing_month m WHERE m.community = o.community LIMIT 1) AS currency
        FROM owed o GROUP BY o.community, o.company
    ), leg AS (
        SELECT j.nth, 'fee_receivable:' || o.subject || ':' || o.obligor AS address, o.minor
        FROM owed o JOIN journal j ON j.community = o.community AND j.company = o.company
        UNION ALL
        SELECT j.nth, 'late_fee_income', -j.minor FROM journal j
    ), told AS (
        SELECT array_agg(n.id ORDER BY n.id) AS ids, array_agg(n.fee ORDER BY n.id) AS fees,
               array_agg(n.grown ORDER BY n.id) AS growths, array_agg(n.since ORDER BY n.id) AS sinces,
               array_agg(n.on_ ORDER BY n.id) AS days, array_agg(n.grows ORDER BY n.id) AS grow,
               count(*) AS lines, coalesce(sum(n.grown), 0)::bigint AS minor
        FROM worked_out n
    ), booked AS (
        SELECT array_agg('late_fees:' || j.community || ':' || j.on_ || ':' || j.first ORDER BY j.nth) AS keys,
               array_agg('property:' || j.company ORDER BY j.nth) AS books,
               array_agg(j.currency ORDER BY j.nth) AS currencies,
               array_agg('late_fees:' || j.community || ':' || j.on_ ORDER BY j.nth) AS documents
        FROM journal j
    ), posted AS (
        SELECT array_agg(g.nth) AS journals, array_agg(g.address) AS addresses, array_agg(g.minor) AS minors FROM leg g
    )
    SELECT (SELECT subject FROM portion ORDER BY subject DESC, id DESC LIMIT 1),
           (SELECT id FROM portion ORDER BY subject DESC, id DESC LIMIT 1),
           (SELECT count(*) FROM portion), told.lines, told.minor,
           told.ids, told.fees, told.growths, told.sinces, told.days, told.grow,
           booked.keys, booked.books, booked.currencies, booked.documents,
           posted.journals, posted.addresses, posted.minors
    INTO last_subject, last_line, seen, lines, minor, ids, fees, growths, sinces, days, grow,
         keys, books, currencies, documents, leg_journals, leg_addresses, leg_minors
    FROM told, booked, posted;
    IF ids IS NOT NULL THEN
        PERFORM billing_grow(ids, fees, growths, sinces, days, grow, at_);
        PERFORM ledger_post(keys, books, currencies, documents, array_fill('late_fees'::text, ARRAY[cardinality(keys)]),
                            array_fill(at_, ARRAY[cardinality(keys)]), leg_journals, leg_addresses, leg_minors);
    END IF;
    RETURN NEXT;
END $$;

-- Writes what fees have grown by: to the line that grows where it may still, else as a line of its own. Rows are found one
-- by one by their keys: the planner, who does not know how few of millions they are, would read whole tables.
CREATE FUNCTION billing_grow(
    ids bigint[], fees bigint[], growths bigint[], sinces date[], days date[], grow bigint[], at_ timestamptz
) RETURNS void LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
BEGIN
    WITH grown AS (
        UPDATE billing_line l SET amount_minor = l.amount_minor + n.growth, end_on = n.on_,
               reason = jsonb_build_object('late_of', n.id, 'came_to', n.fee, 'until', n.on_)
        FROM unnest(ids, fees, growths, days, grow) AS n (id, fee, growth, on_, grows)
        WHERE l.id = n.grows AND l.paid_minor = 0 AND l.credited_minor = 0
          AND NOT EXISTS (SELECT FROM billing_round_line r WHERE r.line_id = l.id)
          AND NOT EXISTS (SELECT FROM billing_pause p WHERE p.line_id = l.id)
        RETURNING n.id, n.fee, n.on_
    )
    UPDATE billing_late f SET minor = g.fee, until_on = g.on_ FROM grown g WHERE f.line_id = g.id;
    SET CONSTRAINTS ALL IMMEDIATE;
    WITH added AS (
        INSERT INTO billing_line (bill_id, community, subject, subject_kind, home, obligor, item_id, tariff_id, kind,
                                  start_on, end_on, due_on, amount_minor, paid_minor, credited_minor, late_of_id,
                                  source, reason, issued_at)
        SELECT o.bill_id, o.community, o.subject, o.subject_kind, o.home, o.obligor, o.item_id, o.tariff_id, 'late_fee',
               n.since, n.on_, n.on_, n.growth, 0, 0, n.id, '',
               jsonb_build_object('late_of', n.id, 'came_to', n.fee, 'until', n.on_), at_
        FROM unnest(ids, fees, growths, sinces, days) AS n (id, fee, growth, since, on_)
        JOIN billing_line o ON o.id = n.id
        WHERE NOT EXISTS (SELECT FROM billing_late f WHERE f.line_id = n.id AND f.until_on = n.on_)
        RETURNING id, late_of_id, community, end_on, (reason ->> 'came_to')::bigint AS fee
    )
    INSERT INTO billing_late AS f (line_id, community, minor, until_on, grows, grows_on)
    SELECT a.late_of_id, a.community, a.fee, a.end_on, a.id, a.end_on FROM added a
    ON CONFLICT (line_id) DO UPDATE
    SET minor = excluded.minor, until_on = excluded.until_on, grows = excluded.grows, grows_on = excluded.grows_on;
END $$;
