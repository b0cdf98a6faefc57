-- Prepaid terms: what went out for a month that somebody paid ahead is paid out of the term; a gift month's line costs
-- nothing, and what it would have cost is booked as the company's expense. So many terms at a time, after one.
CREATE FUNCTION billing_use_terms(
    month_ uuid, after uuid, most integer, at_ timestamptz, OUT upto uuid, OUT terms bigint, OUT minor bigint
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    month billing_month;
    keys text[]; documents text[]; leg_journals integer[]; leg_addresses text[]; leg_minors bigint[];
    journals integer;
BEGIN
    SELECT * INTO month FROM billing_month WHERE id = month_;
    WITH covering AS MATERIALIZED (
        SELECT t.id, t.subject, t.obligor, t.item_id, t.receipt_id, m.is_gift,
               t.paid_minor - t.used_minor - t.returned_minor AS rest
        FROM billing_term_month m JOIN billing_term t ON t.id = m.term_id
        WHERE m.community = month.community AND m.first_on = month.first_on AND NOT m.is_over AND t.id > after
          AND (t.state = 'held' OR (t.state = 'cut' AND t.cut_on > month.first_on))
        ORDER BY t.id LIMIT most FOR UPDATE OF t
    ), line AS MATERIALIZED (
        SELECT c.id AS term, c.subject, c.obligor, c.receipt_id, c.is_gift, c.rest, l.id, l.amount_minor, i.word,
               coalesce((l.reason -> 'term' ->> 'gift')::bigint, 0) AS gift,
               sum(l.amount_minor) OVER (PARTITION BY c.id ORDER BY l.start_on, l.id) AS reach
        FROM covering c
        JOIN billing_bill b ON b.month_id = month_ AND b.subject = c.subject AND b.obligor = c.obligor
        JOIN billing_line l ON l.bill_id = b.id AND l.kind = 'charge' AND l.item_id = c.item_id
         AND l.reason -> 'term' ->> 'id' = c.id::text
        JOIN billing_item i ON i.id = l.item_id
    ), paid AS MATERIALIZED (
        SELECT l.*, CASE WHEN is_gift THEN 0
                         ELSE greatest(0, least(reach, rest) - (reach - amount_minor)) END::bigint AS minor
        FROM line l
    ), allocated AS (
        INSERT INTO billing_allocation (receipt_id, line_id, community, amount_minor, allocated_at)
        SELECT receipt_id, id, month.community, minor, at_ FROM paid WHERE minor > 0 ORDER BY id
    ), settled AS (
        UPDATE billing_line l SET paid_minor = l.paid_minor + p.minor FROM paid p WHERE l.id = p.id AND p.minor > 0
    ), total AS MATERIALIZED (
        SELECT c.id, c.obligor, c.is_gift, coalesce(sum(p.amount_minor + p.gift), 0)::bigint AS costs,
               coalesce(sum(p.minor), 0)::bigint AS used, coalesce(sum(p.gift), 0)::bigint AS gift
        FROM covering c LEFT JOIN paid p ON p.term = c.id GROUP BY c.id, c.obligor, c.is_gift
    ), used AS (
        UPDATE billing_term t SET used_minor = t.used_minor + n.used, gift_minor = t.gift_minor + n.gift
        FROM total n WHERE t.id = n.id
    ), gone AS (
        UPDATE billing_term_month m SET costs_minor = n.costs, used_minor = n.used
        FROM total n WHERE m.term_id = n.id AND m.first_on = month.first_on
    ), moved AS (
        INSERT INTO billing_term_move (term_id, community, obligor, verb, amount_minor, why, happened_at)
        SELECT n.id, month.community, n.obligor, 'use', n.used, to_char(month.first_on, 'YYYY-MM'), at_
        FROM total n ORDER BY n.id
    ), journal AS MATERIALIZED (
        SELECT id, row_number() OVER (ORDER BY id)::integer AS nth FROM total WHERE used > 0 OR gift > 0
    ), leg AS (
        SELECT j.nth, 'prepaid_term:' || p.subject || ':' || p.obligor AS address, sum(p.minor)::bigint AS minor
        FROM paid p JOIN journal j ON j.id = p.term WHERE p.minor > 0 GROUP BY j.nth, p.subject, p.obligor
        UNION ALL
        SELECT j.nth, 'fee_receivable:' || p.subject || ':' || p.obligor, -sum(p.minor)::bigint
        FROM paid p JOIN journal j ON j.id = p.term WHERE p.minor > 0 GROUP BY j.nth, p.subject, p.obligor
        UNION ALL
        SELECT j.nth, 'gift_months', sum(p.gift)::bigint
        FROM paid p JOIN journal j ON j.id = p.term WHERE p.gift > 0 GROUP BY j.nth
        UNION ALL
        SELECT j.nth, 'fee_income:' || p.word, -sum(p.gift)::bigint
        FROM paid p JOIN journal j ON j.id = p.term WHERE p.gift > 0 GROUP BY j.nth, p.word
    )
    SELECT (SELECT id FROM total ORDER BY id DESC LIMIT 1), (SELECT count(*) FROM total),
           (SELECT coalesce(sum(n.used), 0) FROM total n),
           (SELECT array_agg('term_used:' || j.id || ':' || month.first_on ORDER BY j.nth) FROM journal j),
           (SELECT array_agg('term:' || j.id ORDER BY j.nth) FROM journal j),
           array_agg(g.nth), array_agg(g.address), array_agg(g.minor)
    INTO upto, terms, minor, keys, documents, leg_journals, leg_addresses, leg_minors FROM leg g;
    journals := cardinality(keys);
    IF journals > 0 THEN
        PERFORM ledger_post(keys, array_fill('property:' || month.company, ARRAY[journals]),
                            array_fill(month.currency::text, ARRAY[journals]), documents,
                            array_fill('term_used'::text, ARRAY[journals]), array_fill(at_, ARRAY[journals]),
                            leg_journals, leg_addresses, leg_minors);
    END IF;
END $$;
