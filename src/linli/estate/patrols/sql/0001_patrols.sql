-- What an erased person typed on their walks goes; that they were there, and what they found, stays. It runs as the
-- owner: answers and moves are changed by nobody else.
CREATE FUNCTION patrols_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE patrols_answer AS a SET words = '' FROM patrols_check AS c
    WHERE a.check_of_id = c.id AND a.words <> '' AND c.person = person_;
    UPDATE patrols_move SET why = '' WHERE person = person_ AND why <> '';
END $$;
