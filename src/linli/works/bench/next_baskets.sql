-- What the homes of a community bought in seventeen weeks: an order a week, all of them completed.
-- A home takes up to fourteen of the town's things, each every second to eighth visit; some things are taken by many.
WITH good AS (
    SELECT v.id, v.listing_id, l.name, v.label, (row_number() OVER (ORDER BY v.id))::int - 1 AS nth
    FROM catalogue_variant AS v JOIN catalogue_listing AS l ON l.id = v.listing_id WHERE v.id = ANY(%(variants)s)
), checkout AS (
    INSERT INTO orders_checkout (id, community, city, currency, buyer, home, state, total_minor, locked_at, placed_at)
    SELECT gen_random_uuid(), %(community)s, %(city)s, 'CNY', c.person, c.home, 'placed', 0, %(at)s, %(at)s
    FROM replenish_consent AS c JOIN replenish_household AS h ON h.id = c.household_id
    WHERE h.community = %(community)s
    RETURNING id, buyer, home
), who AS MATERIALIZED (
    SELECT id, buyer, home, 1 + floor(random() * 7)::int AS day FROM checkout
), taken AS MATERIALIZED (
    SELECT DISTINCT ON (buyer, nth) buyer, nth, 2 + floor(random() * 7)::int AS every
    FROM who CROSS JOIN generate_series(1, 14) AS n,
        LATERAL (SELECT floor(random() ^ 2 * %(goods)s + 0 * n)::int AS nth) AS drawn
), line AS MATERIALIZED (
    SELECT w.id AS checkout, w.buyer, w.home, g.id AS variant, g.listing_id, g.name, g.label, v.visit,
        %(at)s::timestamptz - make_interval(days => w.day + 7 * v.visit) AS at,
        row_number() OVER (PARTITION BY w.id, v.visit ORDER BY t.nth) AS place
    FROM who AS w CROSS JOIN generate_series(0, 16) AS v (visit)
    JOIN taken AS t ON t.buyer = w.buyer AND (v.visit + t.nth) %% t.every = 0 JOIN good AS g ON g.nth = t.nth
), visit AS MATERIALIZED (
    -- Numbered by the hour at which it was ordered, as the house numbers: the first forty-eight bits are milliseconds.
    SELECT checkout, buyer, home, visit, at, lines, (
        lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(random()::text), 1, 19)
    )::uuid AS id FROM (
        SELECT checkout, buyer, home, visit, at, count(*) AS lines FROM line GROUP BY 1, 2, 3, 4, 5) AS each
), sale AS (
    INSERT INTO orders_order (
        id, number, checkout_id, collection, community, shop, shop_name, city, currency, buyer, home, merchant,
        commission_bp, property_share_bp, fulfilment, paid_at, state, version, goods_minor, delivery_fee_minor,
        refunded_fee_minor, patience, minutes_promised, due_at, placed_at, changed_at,
        completed_at)
    SELECT id, 'B-' || visit, checkout, checkout, %(community)s, %(shop)s, '{"zh": "测速小店", "en": "Bench Shop"}',
        %(city)s, 'CNY', buyer, home, %(merchant)s, 800, 4000, 'now', at, 'completed', 4, 1280 * lines, 0, 0, '{}',
        30, at + interval '7 days', at, at, at
    FROM visit ORDER BY at
), known AS (
    UPDATE replenish_state AS s SET purchases = v.visits, first_on = v.first_on, last_on = v.last_on
    FROM (SELECT home, count(*)::int AS visits, min(at)::date AS first_on, max(at)::date AS last_on
          FROM visit GROUP BY 1) AS v
    JOIN replenish_household AS h ON h.home = v.home WHERE s.household_id = h.id AND s.commodity = ''
)
INSERT INTO orders_line (
    id, order_id, nth, variant, listing, title, label, kind, options, quantity, stages, net_minor, merchant_minor,
    company_minor, platform_minor, refunded_quantity, refunded_minor)
SELECT gen_random_uuid(), v.id, l.place, l.variant, l.listing_id, l.name, l.label, 'packaged', '[]', 1, '[]',
    1280, 768, 205, 307, 0, 0
FROM line AS l JOIN visit AS v USING (checkout, visit) ORDER BY v.at, v.id, l.place;
