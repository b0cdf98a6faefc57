-- What an erased person typed, and what was typed about them, goes; that something was asked for stays. It runs as the
-- owner: moves and inspections are changed by nobody else.
CREATE FUNCTION permits_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE permits_permit SET text = '', contractor = '', contact = '', extend_why = '' WHERE asker = person_;
    UPDATE permits_relocation SET name = '', phone = '' WHERE asker = person_ OR person = person_;
    UPDATE permits_release SET goods = '', carrier = '' WHERE asker = person_;
    UPDATE permits_inspection SET text = ''
    WHERE text <> '' AND (person = person_ OR permit_id IN (SELECT id FROM permits_permit WHERE asker = person_));
    UPDATE permits_check SET note = ''
    WHERE note <> '' AND (done_by = person_
        OR relocation_id IN (SELECT id FROM permits_relocation WHERE asker = person_ OR person = person_));
    UPDATE permits_permit_move SET why = ''
    WHERE why <> '' AND (person = person_ OR of_id IN (SELECT id FROM permits_permit WHERE asker = person_));
    UPDATE permits_relocation_move SET why = ''
    WHERE why <> '' AND (person = person_ OR of_id IN (SELECT id FROM permits_relocation WHERE asker = person_ OR person = person_));
    UPDATE permits_release_move SET why = ''
    WHERE why <> '' AND (person = person_ OR of_id IN (SELECT id FROM permits_release WHERE asker = person_));
END $$;
