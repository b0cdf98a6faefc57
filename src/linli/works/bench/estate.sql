-- The ground for the benches of charging: homes of one community with an owner each, and what each is charged.
-- %(homes)s homes in buildings of two hundred, in forty sizes as they are built; every item for every home.
WITH building AS (
    INSERT INTO places_building (id, community_id, label, added_at)
    SELECT gen_random_uuid(), %(community)s, 'B' || n, %(at)s FROM generate_series(0, (%(homes)s - 1) / 200) AS n
    RETURNING id, label
), unit AS (
    INSERT INTO places_unit (id, building_id, label, added_at)
    SELECT gen_random_uuid(), b.id, '', %(at)s FROM building b RETURNING id, building_id
), home AS (
    INSERT INTO places_home (id, unit_id, label, area_m2, added_at)
    SELECT gen_random_uuid(), u.id, n::text, 48 + 3.17 * (n %% 40), %(at)s
    FROM generate_series(0, %(homes)s - 1) AS n
    JOIN building b ON b.label = 'B' || n / 200 JOIN unit u ON u.building_id = b.id
    RETURNING id
), owner AS (
    SELECT h.id AS home, gen_random_uuid() AS party FROM home h
), party AS (
    INSERT INTO people_party (id, kind, name, locale, registered_at)
    SELECT o.party, 'person', 'Owner', 'zh', %(at)s FROM owner o
), residency AS (
    INSERT INTO people_residency (id, home_id, community_id, party_id, kind, start_on)
    SELECT gen_random_uuid(), o.home, %(community)s, o.party, 'owner', %(since)s FROM owner o
)
INSERT INTO billing_assignment (id, item_id, community, subject, subject_kind, home, start_on, parameters)
SELECT gen_random_uuid(), i, %(community)s, o.home, 'home', o.home, %(since)s, '{}'
FROM owner o CROSS JOIN unnest(%(items)s::uuid[]) AS i;
