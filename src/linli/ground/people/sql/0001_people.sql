-- Who lives in one of the communities of the asking property staff; the condition of the walls on party and contact.
-- It reads people_residency through that table's own wall.
CREATE FUNCTION people_is_in_care(party_ uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT linli_role() = 'property' AND EXISTS (
        SELECT FROM people_residency r WHERE r.party_id = party_ AND r.community_id = ANY (linli_communities()));
$$;

-- The stewardships of a community as instants: a day begins at midnight in the community's zone.
CREATE FUNCTION people_stewardships(community_ uuid)
RETURNS TABLE (company uuid, start_at timestamptz, end_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT s.company_id, places_midnight(s.community_id, s.start_on), places_midnight(s.community_id, s.end_on)
    FROM people_stewardship s WHERE s.community_id = community_;
$$;

-- The property company that looks after each community at an instant; a community without one is absent.
CREATE FUNCTION people_companies_of(communities uuid[], at_ timestamptz)
RETURNS TABLE (community uuid, company uuid) LANGUAGE sql STABLE AS $$
    SELECT s.community_id, s.company_id FROM people_stewardship s, places_day(s.community_id, at_) AS today
    WHERE s.community_id = ANY (communities) AND s.start_on <= today AND (s.end_on IS NULL OR today < s.end_on);
$$;

-- Many persons at once: a phone that is known answers the party it belongs to and changes nothing. The contacts go first
-- (their foreign key is checked at the end), so that of two who register one phone at once the second finds the first.
CREATE FUNCTION people_register(ids uuid[], names text[], phones text[], locales text[], at_ timestamptz)
RETURNS uuid[] LANGUAGE plpgsql AS $$
BEGIN
    WITH asked AS (
        SELECT * FROM unnest(ids, names, phones, locales) WITH ORDINALITY AS a(id, name, phone, locale, n)
    ), reached AS (
        INSERT INTO people_contact (party_id, phone, since_at)
        SELECT id, phone, at_ FROM asked ORDER BY phone, n ON CONFLICT DO NOTHING RETURNING party_id
    )
    INSERT INTO people_party (id, kind, name, locale, registered_at)
    SELECT a.id, 'person', a.name, a.locale, at_ FROM asked a JOIN reached r ON r.party_id = a.id;
    RETURN (SELECT array_agg(c.party_id ORDER BY a.n)
            FROM unnest(phones) WITH ORDINALITY AS a(phone, n) JOIN people_contact c ON c.phone = a.phone);
END $$;

-- False when the number is another's.
CREATE FUNCTION people_change_phone(party_ uuid, phone_ text, at_ timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO people_contact AS c (party_id, phone, since_at) VALUES (party_, phone_, at_)
    ON CONFLICT (party_id) DO UPDATE SET phone = EXCLUDED.phone, since_at = EXCLUDED.since_at
        WHERE c.phone <> EXCLUDED.phone;
    RETURN true;
EXCEPTION WHEN unique_violation THEN
    RETURN false;
END $$;

-- True when the person was erased now, false when they were before, NULL when there is no such person.
CREATE FUNCTION people_erase(person_ uuid, at_ timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    before timestamptz;
BEGIN
    SELECT erased_at INTO before FROM people_party WHERE id = person_ AND kind = 'person' FOR UPDATE;
    IF NOT FOUND THEN RETURN NULL; END IF;
    IF before IS NOT NULL THEN RETURN false; END IF;
    UPDATE people_party SET name = '', erased_at = at_ WHERE id = person_;
    DELETE FROM people_contact WHERE party_id = person_;
    DELETE FROM people_saved_view WHERE party_id = person_;
    PERFORM spine_forget(person_);
    UPDATE people_role_binding SET end_at = greatest(start_at, at_)
    WHERE party_id = person_ AND (end_at IS NULL OR end_at > at_);
    UPDATE people_residency r SET end_on = greatest(r.start_on, places_day(r.community_id, at_))
    WHERE r.party_id = person_ AND (r.end_on IS NULL OR r.end_on > places_day(r.community_id, at_));
    RETURN true;
END $$;

-- The homes that a person lives in, rents or owns at an instant, or for which they were given the role of a resident.
CREATE FUNCTION people_homes_of(person_ uuid, at_ timestamptz)
RETURNS TABLE (home uuid, community uuid, kind text, start_on date) LANGUAGE sql STABLE AS $$
    SELECT r.home_id, r.community_id, r.kind, r.start_on
    FROM people_residency r, places_day(r.community_id, at_) AS today
    WHERE r.party_id = person_ AND r.start_on <= today AND (r.end_on IS NULL OR today < r.end_on)
    UNION ALL
    SELECT b.place, p.community, 'guest', places_day(p.community, b.start_at)
    FROM people_role_binding b, places_communities_of(ARRAY[b.place]) AS p
    WHERE b.party_id = person_ AND b.role = 'resident' AND b.start_at <= at_ AND (b.end_at IS NULL OR at_ < b.end_at);
$$;

-- Who owns, rents or lives in a home of a community at an instant.
CREATE FUNCTION people_residents_of(community_ uuid, at_ timestamptz)
RETURNS TABLE (person uuid, home uuid, kind text) LANGUAGE sql STABLE AS $$
    SELECT r.party_id, r.home_id, r.kind FROM people_residency r, places_day(community_, at_) AS today
    WHERE r.community_id = community_ AND r.start_on <= today AND (r.end_on IS NULL OR today < r.end_on);
$$;

-- The communities that a company looks after at an instant.
CREATE FUNCTION people_communities_of(company_ uuid, at_ timestamptz) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(s.community_id ORDER BY s.community_id), '{}')
    FROM people_stewardship s, places_day(s.community_id, at_) AS today
    WHERE s.company_id = company_ AND s.start_on <= today AND (s.end_on IS NULL OR today < s.end_on);
$$;

-- The roles that a person wears at an instant, with the reach that follows from stewardships. Whom a company lets into one
-- community is that company's there (acts_for): when another one takes the community over, they do not come with it.
CREATE FUNCTION people_bindings_of(person_ uuid, at_ timestamptz)
RETURNS TABLE (role text, level text, place uuid, label jsonb, communities uuid[], company uuid, company_name text,
    duty text)
LANGUAGE sql STABLE AS $$
    SELECT b.role, b.level, b.place, b.label,
        CASE b.level WHEN 'community' THEN ARRAY[b.place]
                     WHEN 'company' THEN people_communities_of(b.place, at_) ELSE '{}' END,
        CASE WHEN b.role <> 'property' THEN b.acts_for WHEN b.level = 'company' THEN b.place
             ELSE (SELECT c.company FROM people_companies_of(ARRAY[b.place], at_) c) END,
        (SELECT p.name FROM people_party p WHERE b.level = 'company' AND p.id = b.place),
        b.duty
    FROM people_role_binding b
    WHERE b.party_id = person_ AND b.role <> 'resident' AND b.start_at <= at_ AND (b.end_at IS NULL OR at_ < b.end_at)
        AND (b.role <> 'property' OR b.level <> 'community' OR b.acts_for IS NULL
            OR b.acts_for IN (SELECT c.company FROM people_companies_of(ARRAY[b.place], at_) c));
$$;
