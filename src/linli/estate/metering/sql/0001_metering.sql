-- What an erased person typed beside readings goes; the readings stay, nameless. It runs as the owner: moves are changed
-- by nobody else.
CREATE FUNCTION metering_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE metering_move AS m SET why = '' FROM metering_reading AS r
    WHERE m.reading_id = r.id AND m.why <> '' AND person_ IN (m.who, r.taken_by);
    UPDATE metering_reading SET note = '', taken_by = NULL WHERE taken_by = person_;
END $$;
