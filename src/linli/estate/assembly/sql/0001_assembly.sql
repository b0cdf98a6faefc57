-- What an erased person typed goes; that they objected stays. It runs as the owner: the application changes no row here.
CREATE FUNCTION assembly_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE assembly_objection SET text = '' WHERE person = person_ AND text <> '';
END $$;

-- Sums and single votes are seen when the meeting is closed, and not a moment before.
CREATE FUNCTION assembly_is_closed(meeting_ uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM assembly_meeting WHERE id = meeting_ AND state = 'closed');
$$;
