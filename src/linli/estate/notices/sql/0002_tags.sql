-- Whom notices are for today, each person once a notice, by the first of their homes; also by the words that homes wear.
CREATE OR REPLACE FUNCTION notices_reached(notices_ uuid[], community_ uuid, person_ uuid, at_ timestamptz)
RETURNS TABLE (notice uuid, person uuid, home uuid, building uuid) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (n.id, r.person) n.id, r.person, r.home, h.building
    FROM notices_notice n
    CROSS JOIN people_residents_of(community_, at_) r
    JOIN places_homes_of(community_) h ON h.home = r.home
    WHERE n.id = ANY (notices_) AND n.community = community_ AND (person_ IS NULL OR r.person = person_)
        AND (n.level = 'community' OR (n.level = 'building' AND h.building = ANY (n.targets))
             OR (n.level = 'unit' AND h.unit = ANY (n.targets)) OR (n.level = 'home' AND h.home = ANY (n.targets))
             OR (n.level = 'tag' AND EXISTS (
                 SELECT FROM notices_tagged t WHERE t.home = h.home AND t.tag_id = ANY (n.targets))))
        AND (n.who = 'everybody' OR (n.who = 'owners' AND r.kind = 'owner')
             OR (n.who = 'tenants' AND r.kind = 'tenant'))
    ORDER BY n.id, r.person, r.home;
$$;
