-- Who works, or worked, for the company of the property staff who ask: a history names them. A condition of the wall on
-- party; it reads people_role_binding through that table's own wall.
CREATE FUNCTION people_is_colleague(party_ uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT linli_role() = 'property' AND linli_company() IS NOT NULL AND EXISTS (
        SELECT FROM people_role_binding b WHERE b.party_id = party_ AND b.role = 'property'
            AND (b.acts_for = linli_company() OR (b.level = 'company' AND b.place = linli_company())));
$$;
