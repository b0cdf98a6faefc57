-- The ground for a night of replenishment: homes of one community with an owner each, who asked to be told.
-- %(homes)s homes in buildings of two hundred; for each home a state of every commodity named, and one of all it buys.
-- Gaps are of 12 to 90 days and of every regularity, and the last purchase is anywhere within the usual gap.
WITH building AS (
    INSERT INTO places_building (id, community_id, label, added_at)
    SELECT gen_random_uuid(), %(community)s, 'B' || n, %(at)s FROM generate_series(0, (%(homes)s - 1) / 200) AS n
    RETURNING id, label
), unit AS (
    INSERT INTO places_unit (id, building_id, label, added_at)
    SELECT gen_random_uuid(), b.id, '', %(at)s FROM building b RETURNING id, building_id
), home AS (
    INSERT INTO places_home (id, unit_id, label, area_m2, added_at)
    SELECT gen_random_uuid(), u.id, n::text, 90, %(at)s
    FROM generate_series(0, %(homes)s - 1) AS n
    JOIN building b ON b.label = 'B' || n / 200 JOIN unit u ON u.building_id = b.id
    RETURNING id, unit_id
), owner AS (
    SELECT h.id AS home, h.unit_id AS unit, gen_random_uuid() AS party, gen_random_uuid() AS household FROM home h
), party AS (
    INSERT INTO people_party (id, kind, name, locale, registered_at)
    SELECT o.party, 'person', 'Owner', 'zh', %(at)s FROM owner o
), residency AS (
    INSERT INTO people_residency (id, home_id, community_id, party_id, kind, start_on)
    SELECT gen_random_uuid(), o.home, %(community)s, o.party, 'owner', '2020-01-01' FROM owner o
), household AS (
    INSERT INTO replenish_household (id, home, building, community, is_stale)
    SELECT o.household, o.home, %(community)s || '/' || o.unit, %(community)s, false FROM owner o
), consent AS (
    INSERT INTO replenish_consent (id, person, home, household_id, shares, given_at)
    SELECT gen_random_uuid(), o.party, o.home, o.household, true, %(at)s FROM owner o
), drawn AS (
    SELECT o.household, c.commodity, (3 + random() * 10)::int AS purchases, 2.5 + 2 * random() AS gap,
           0.2 + 0.7 * random() AS deviation, random() AS waited
    FROM owner o CROSS JOIN unnest(%(commodities)s::text[]) AS c (commodity)
    UNION ALL
    SELECT o.household, '', (30 + random() * 60)::int, 1.2 + random(), 0.5, 0 FROM owner o
)
INSERT INTO replenish_state (household_id, commodity, purchases, first_on, last_on, log_gaps, log_gaps_squared,
                             recent_log_gap, usual_quantity, is_refused)
SELECT household, commodity, purchases, last_on - ((purchases - 1) * exp(gap))::int, last_on,
       (purchases - 1) * gap, (purchases - 1) * (gap ^ 2 + deviation ^ 2), gap, 1, false
FROM drawn, LATERAL (SELECT %(today)s::date - 1 - (waited * exp(gap))::int AS last_on) AS l;
