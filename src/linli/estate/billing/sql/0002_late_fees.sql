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

-- Works out the next portion of open lines, after the line where the last portion ended: what each fee has grown by
-- since it was last worked out becomes a line of its own, and every community's portion one journal. Nothing that was
-- issued changes, so it may be asked again for the same day, and adds nothing. A community whose month is closed waits.
CREATE FUNCTION billing_accrue(after_tariff uuid, after_line bigint, most integer, at_ timestamptz)
RETURNS TABLE (last_tariff uuid, last_line bigint, seen integer, lines integer, minor bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    keys text[]; books text[]; currencies text[]; documents text[];
    leg_journals integer[]; leg_addresses text[]; leg_minors bigint[];
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
        SELECT l.id, l.tariff_id, l.community, l.amount_minor, l.due_on, l.bill_id, l.subject, l.subject_kind, l.home,
               l.obligor, l.item_id
        FROM billing_line l
        WHERE (l.tariff_id, l.id) > (after_tariff, after_line) AND l.kind = 'charge'
          AND l.credits_id IS NULL AND l.amount_minor > l.paid_minor + l.credited_minor
        ORDER BY l.tariff_id, l.id LIMIT most
    ), today AS MATERIALIZED (
        SELECT c.community, c.on_,
               EXISTS (SELECT FROM billing_month m WHERE m.community = c.community AND m.state = 'closed'
                       AND m.first_on = date_trunc('month', c.on_)::date) AS is_closed
        FROM (SELECT p.community, places_day(p.community, at_) AS on_ FROM (SELECT DISTINCT community FROM portion) p) c
    ), due AS MATERIALIZED (
        SELECT p.*, d.on_, coalesce(f.until_on, p.due_on + 1) AS since, coalesce(f.minor, 0) AS before, r.accrual, r.rate,
               r.grace_days, r.from_due_on, r.cap_bp, r.cap_minor, r.stops_on, r.towards, r.step
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
    ), added AS (
        INSERT INTO billing_line (bill_id, community, subject, subject_kind, home, obligor, item_id, tariff_id, kind,
                                  start_on, end_on, due_on, amount_minor, paid_minor, credited_minor, late_of_id,
                                  source, reason, issued_at)
        SELECT n.bill_id, n.community, n.subject, n.subject_kind, n.home, n.obligor, n.item_id, n.tariff_id, 'late_fee',
               n.since, n.on_, n.on_, n.grown, 0, 0, n.id, '',
               jsonb_build_object('late_of', n.id, 'came_to', n.fee, 'until', n.on_), at_
        FROM worked_out n ORDER BY n.id
        RETURNING community, subject, obligor, item_id, amount_minor, late_of_id, end_on
    ), noted AS (
        INSERT INTO billing_late AS f (line_id, community, minor, until_on)
        SELECT n.id, n.community, n.fee, n.on_ FROM worked_out n ORDER BY n.id
        ON CONFLICT (line_id) DO UPDATE SET minor = excluded.minor, until_on = excluded.until_on
    ), owed AS MATERIALIZED (
        SELECT n.community, n.subject, n.obligor, i.company, sum(n.amount_minor)::bigint AS minor, count(*) AS lines,
               min(n.late_of_id) AS first, min(n.end_on) AS on_
        FROM added n JOIN billing_item i ON i.id = n.item_id GROUP BY n.community, n.subject, n.obligor, i.company
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
    )
    SELECT (SELECT tariff_id FROM portion ORDER BY tariff_id DESC, id DESC LIMIT 1),
           (SELECT id FROM portion ORDER BY tariff_id DESC, id DESC LIMIT 1),
           (SELECT count(*) FROM portion),
           (SELECT coalesce(sum(o.lines), 0) FROM owed o), (SELECT coalesce(sum(o.minor), 0) FROM owed o),
           (SELECT array_agg('late_fees:' || j.community || ':' || j.on_ || ':' || j.first ORDER BY j.nth) FROM journal j),
           (SELECT array_agg('property:' || j.company ORDER BY j.nth) FROM journal j),
           (SELECT array_agg(j.currency ORDER BY j.nth) FROM journal j),
           (SELECT array_agg('late_fees:' || j.community || ':' || j.on_ ORDER BY j.nth) FROM journal j),
           array_agg(g.nth), array_agg(g.address), array_agg(g.minor)
    INTO last_tariff, last_line, seen, lines, minor, keys, books, currencies, documents,
         leg_journals, leg_addresses, leg_minors
    FROM leg g;
    IF keys IS NOT NULL THEN
        PERFORM ledger_post(keys, books, currencies, documents, array_fill('late_fees'::text, ARRAY[cardinality(keys)]),
                            array_fill(at_, ARRAY[cardinality(keys)]), leg_journals, leg_addresses, leg_minors);
    END IF;
    RETURN NEXT;
END $$;
