-- Issuing: a month's draft becomes bills, lines and journals, portion by portion of whole subjects, in one transaction.

-- A UUIDv7, later than those of earlier milliseconds and of smaller numbers within one: bills sort by birth.
CREATE FUNCTION billing_new_id(milliseconds bigint, nth bigint) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex(milliseconds + nth / 4096), 12, '0') || '7' || lpad(to_hex(nth % 4096), 3, '0')
            || substr(gen_random_uuid()::text, 20))::uuid
$$;

-- The bills and lines of the subjects after one, so many lines of the draft and at most five thousand; answers the
-- journals that say the same: what each obligor owes, against the income of each item. `numbered` counts the bills before.
-- Its plans are made for thousands of rows whatever the planner believes of a draft that was written a moment ago.
CREATE FUNCTION billing_issue_portion(
    month_ uuid, after uuid, most integer, numbered bigint, at_ timestamptz,
    OUT upto uuid, OUT bills bigint, OUT lines bigint, OUT minor bigint,
    OUT keys text[], OUT leg_journals integer[], OUT leg_addresses text[], OUT leg_minors bigint[]
) LANGUAGE plpgsql SET enable_nestloop = off AS $$
#variable_conflict use_column
DECLARE
    month billing_month;
    born constant bigint := extract(epoch FROM clock_timestamp()) * 1000;
BEGIN
    SELECT * INTO month FROM billing_month WHERE id = month_;
    SELECT d.subject INTO upto FROM (
        SELECT subject FROM billing_draft WHERE month_id = month_ AND subject > after AND stop = '' ORDER BY subject LIMIT most
    ) d ORDER BY d.subject DESC LIMIT 1;
    IF upto IS NULL THEN
        RETURN;
    END IF;
    WITH draft AS MATERIALIZED (
        SELECT * FROM billing_draft WHERE month_id = month_ AND subject > after AND subject <= upto AND stop = ''
    ), owing AS (
        SELECT o.*, row_number() OVER (ORDER BY subject, obligor) AS nth
        FROM (SELECT DISTINCT subject, subject_kind, home, obligor FROM draft) o
    ), bill AS (
        INSERT INTO billing_bill (id, month_id, community, subject, subject_kind, home, obligor, number, issued_at)
        SELECT billing_new_id(born, o.nth), month_, month.community, o.subject, o.subject_kind, o.home, o.obligor,
               to_char(month.first_on, 'YYYYMM-')
               || lpad((numbered + o.nth)::text, greatest(6, length((numbered + o.nth)::text)), '0'), at_
        FROM owing o ORDER BY o.nth
        RETURNING id, subject, obligor
    ), line AS (
        INSERT INTO billing_line (bill_id, community, subject, subject_kind, home, obligor, item_id, tariff_id, kind,
                                  start_on, end_on, due_on, amount_minor, paid_minor, credited_minor, cost, source,
                                  reason, issued_at)
        SELECT b.id, d.community, d.subject, d.subject_kind, d.home, d.obligor, d.item_id, d.tariff_id, 'charge',
               d.start_on, d.end_on, d.due_on, d.amount_minor, 0, 0, d.cost, '', d.reason, at_
        FROM draft d JOIN bill b ON b.subject = d.subject AND b.obligor = d.obligor
        ORDER BY d.id
        RETURNING bill_id, item_id, amount_minor
    ), income AS MATERIALIZED (
        SELECT l.bill_id, 'fee_income:' || i.word AS address, sum(l.amount_minor)::bigint AS minor, count(*) AS lines
        FROM line l JOIN billing_item i ON i.id = l.item_id GROUP BY l.bill_id, i.word
    ), owed AS MATERIALIZED (
        SELECT b.id, 'fee_receivable:' || b.subject || ':' || b.obligor AS address, n.minor,
               row_number() OVER (ORDER BY b.id)::integer AS nth
        FROM bill b JOIN (SELECT bill_id, sum(minor)::bigint AS minor FROM income GROUP BY bill_id) n ON n.bill_id = b.id
        WHERE n.minor <> 0
    ), leg AS (
        SELECT o.nth, 0 AS side, o.address, o.minor FROM owed o
        UNION ALL
        SELECT o.nth, 1, i.address, -i.minor FROM income i JOIN owed o ON o.id = i.bill_id
    )
    SELECT (SELECT count(*) FROM bill), (SELECT sum(i.lines) FROM income i), (SELECT sum(i.minor) FROM income i),
           (SELECT array_agg('bill_issued:' || o.id ORDER BY o.nth) FROM owed o),
           (SELECT array_agg(g.nth ORDER BY g.nth, g.side, g.address) FROM leg g),
           (SELECT array_agg(g.address ORDER BY g.nth, g.side, g.address) FROM leg g),
           (SELECT array_agg(g.minor ORDER BY g.nth, g.side, g.address) FROM leg g)
    INTO bills, lines, minor, keys, leg_journals, leg_addresses, leg_minors;
END $$;

-- The next portion of a month with its journals, in one trip. Whoever calls it has foreign keys looked at after each
-- statement (SET CONSTRAINTS ALL IMMEDIATE): a queue of them for the whole month would grow with it.
CREATE FUNCTION billing_issue_next(
    month_ uuid, after uuid, most integer, numbered bigint, at_ timestamptz,
    OUT upto uuid, OUT bills bigint, OUT lines bigint, OUT minor bigint
) LANGUAGE plpgsql AS $$
DECLARE
    month billing_month;
    portion record;
    journals integer;
BEGIN
    SELECT * INTO month FROM billing_month WHERE id = month_;
    SELECT * INTO portion FROM billing_issue_portion(month_, after, most, numbered, at_);
    upto := portion.upto; bills := portion.bills; lines := portion.lines; minor := portion.minor;
    journals := cardinality(portion.keys);
    IF journals > 0 THEN
        PERFORM ledger_post(
            portion.keys, array_fill('property:' || month.company, ARRAY[journals]),
            array_fill(month.currency::text, ARRAY[journals]),
            ARRAY (SELECT replace(key, 'bill_issued:', 'bill:') FROM unnest(portion.keys) WITH ORDINALITY AS k (key, n) ORDER BY n),
            array_fill('bill_issued'::text, ARRAY[journals]), array_fill(at_, ARRAY[journals]),
            portion.leg_journals, portion.leg_addresses, portion.leg_minors);
    END IF;
END $$;
