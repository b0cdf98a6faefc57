-- Addresses published notices of a community to everybody they are for, or to one person only: one statement, however
-- many people live there. Whoever is a recipient already stays one. Gives how many became one.
CREATE FUNCTION notices_address(notices_ uuid[], community_ uuid, person_ uuid, at_ timestamptz)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE added integer;
BEGIN
    INSERT INTO notices_recipient (id, notice_id, community, person, home, building)
    SELECT gen_random_uuid(), r.notice, community_, r.person, r.home, r.building
    FROM notices_reached(notices_, community_, person_, at_) r ON CONFLICT (notice_id, person) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN added;
END $$;

-- Whom notices are for today, each person once a notice, by the first of their homes.
CREATE FUNCTION notices_reached(notices_ uuid[], community_ uuid, person_ uuid, at_ timestamptz)
RETURNS TABLE (notice uuid, person uuid, home uuid, building uuid) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (n.id, r.person) n.id, r.person, r.home, h.building
    FROM notices_notice n
    CROSS JOIN people_residents_of(community_, at_) r
    JOIN places_homes_of(community_) h ON h.home = r.home
    WHERE n.id = ANY (notices_) AND n.community = community_ AND (person_ IS NULL OR r.person = person_)
        AND (n.level = 'community' OR (n.level = 'building' AND h.building = ANY (n.targets))
             OR (n.level = 'unit' AND h.unit = ANY (n.targets)) OR (n.level = 'home' AND h.home = ANY (n.targets)))
        AND (n.who = 'everybody' OR (n.who = 'owners' AND r.kind = 'owner')
             OR (n.who = 'tenants' AND r.kind = 'tenant'))
    ORDER BY n.id, r.person, r.home;
$$;

-- What an erased person wrote to a colleague about a notice goes. It runs as the owner: moves are changed by nobody else.
CREATE FUNCTION notices_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE notices_move SET why = '' WHERE person = person_ AND why <> '';
END $$;
