-- What the desk wrote about the bookings of an erased person goes, and what they wrote at the desk themselves. It runs as the owner: moves are changed by nobody else.
CREATE FUNCTION venues_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE venues_move SET why = ''
    WHERE why <> '' AND (person = person_ OR of_id IN (SELECT id FROM venues_booking WHERE booker = person_));
END $$;
