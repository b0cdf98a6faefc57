-- What is kept of receipts pays lines that are open: the rests of a subject and a keeper, the oldest first, laid end to
-- end beside the lines that the keeper owes there, in the community's order; where a rest and a line overlap, it pays.
-- `through`: lines of what belongs to the home (a space) are paid by the home's rests when their own are used up.
-- So many subjects at a time; answers the lines with a source that became wholly paid.
CREATE FUNCTION billing_use_credit(
    community_ uuid, currency_ text, subject_ uuid, first_ text, through boolean, most integer, at_ timestamptz,
    OUT receipts bigint, OUT minor bigint, OUT paid bigint[]
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    keys text[]; books text[]; documents text[];
    leg_journals integer[]; leg_addresses text[]; leg_minors bigint[];
    journals integer;
BEGIN
    WITH pair AS MATERIALIZED (
        SELECT DISTINCT r.subject, r.keeper FROM billing_receipt r
        WHERE r.community = community_ AND r.rest_minor > 0 AND (subject_ IS NULL OR r.subject = subject_)
          AND EXISTS (SELECT FROM billing_line l
                      WHERE CASE WHEN through THEN l.home = r.subject AND l.subject <> r.subject ELSE l.subject = r.subject END
                        AND l.community = community_ AND l.obligor = r.keeper AND l.is_open)
        LIMIT most
    ), held_receipt AS MATERIALIZED (
        SELECT r.id, r.subject, r.keeper, r.company, r.rest_minor FROM billing_receipt r JOIN pair USING (subject, keeper)
        WHERE r.community = community_ AND r.rest_minor > 0 ORDER BY r.id FOR UPDATE OF r
    ), held_line AS MATERIALIZED (
        SELECT l.id, p.subject AS at_subject, p.keeper, l.subject, l.source, l.due_on, l.item_id,
               l.kind = 'late_fee' AS is_late, l.amount_minor - l.paid_minor - l.credited_minor AS open
        FROM billing_line l JOIN pair p ON l.obligor = p.keeper
         AND CASE WHEN through THEN l.home = p.subject AND l.subject <> p.subject ELSE l.subject = p.subject END
        WHERE l.community = community_ AND l.is_open
        ORDER BY l.id FOR UPDATE OF l
    ), rest AS (
        SELECT *, sum(rest_minor) OVER (PARTITION BY subject, keeper ORDER BY id) AS upto FROM held_receipt
    ), due AS (
        SELECT h.*, sum(h.open) OVER (
            PARTITION BY h.at_subject, h.keeper
            ORDER BY CASE first_ WHEN 'principal' THEN h.is_late::integer WHEN 'late_fee' THEN (NOT h.is_late)::integer
                                 WHEN 'priority' THEN i.priority ELSE 0 END,
                     h.due_on, h.is_late, i.priority, h.id) AS upto
        FROM held_line h JOIN billing_item i ON i.id = h.item_id
    ), match AS MATERIALIZED (
        SELECT r.id AS receipt, r.company, r.subject AS at_subject, r.keeper, d.id AS line, d.subject, d.source, d.open,
               (least(r.upto, d.upto) - greatest(r.upto - r.rest_minor, d.upto - d.open))::bigint AS minor
        FROM rest r JOIN due d ON d.at_subject = r.subject AND d.keeper = r.keeper
         AND least(r.upto, d.upto) > greatest(r.upto - r.rest_minor, d.upto - d.open)
    ), allocated AS (
        INSERT INTO billing_allocation (receipt_id, line_id, community, amount_minor, allocated_at)
        SELECT receipt, line, community_, minor, at_ FROM match ORDER BY receipt, line
    ), spent AS (
        UPDATE billing_receipt r SET rest_minor = r.rest_minor - m.minor
        FROM (SELECT receipt, sum(minor) AS minor FROM match GROUP BY receipt) m WHERE r.id = m.receipt
    ), settled AS (
        UPDATE billing_line l SET paid_minor = l.paid_minor + m.minor
        FROM (SELECT line, sum(minor) AS minor FROM match GROUP BY line) m WHERE l.id = m.line
    ), journal AS MATERIALIZED (
        SELECT receipt, company, at_subject, keeper, sum(minor)::bigint AS minor, min(line) AS line,
               row_number() OVER (ORDER BY receipt)::integer AS nth
        FROM match GROUP BY receipt, company, at_subject, keeper
    ), leg AS (
        SELECT j.nth, 'prepaid_fee:' || j.at_subject || ':' || j.keeper AS address, j.minor FROM journal j
        UNION ALL
        SELECT j.nth, 'fee_receivable:' || m.subject || ':' || m.keeper, -sum(m.minor)::bigint
        FROM match m JOIN journal j USING (receipt) GROUP BY j.nth, m.subject, m.keeper
    )
    SELECT (SELECT count(*) FROM journal), (SELECT coalesce(sum(j.minor), 0) FROM journal j),
           (SELECT array_agg(w.line) FROM (SELECT line FROM match WHERE source <> '' GROUP BY line, open
                                           HAVING sum(minor) = open) w),
           (SELECT array_agg('credit_used:' || j.receipt || ':' || j.line || ':' || extract(epoch FROM at_) ORDER BY j.nth)
            FROM journal j),
           (SELECT array_agg('property:' || j.company ORDER BY j.nth) FROM journal j),
           (SELECT array_agg('receipt:' || j.receipt ORDER BY j.nth) FROM journal j),
           array_agg(g.nth), array_agg(g.address), array_agg(g.minor)
    INTO receipts, minor, paid, keys, books, documents, leg_journals, leg_addresses, leg_minors FROM leg g;
    journals := cardinality(keys);
    IF journals > 0 THEN
        PERFORM ledger_post(keys, books, array_fill(currency_, ARRAY[journals]), documents, array_fill('credit_used'::text, ARRAY[journals]),
                            array_fill(at_, ARRAY[journals]), leg_journals, leg_addresses, leg_minors);
    END IF;
END $$;
