-- What was written about an erased person, and by them; that something was agreed and paid stays. It runs as the owner.
CREATE FUNCTION contracts_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE contracts_move SET why = ''
    WHERE why <> '' AND (person = person_ OR of_id IN (SELECT id FROM contracts_contract WHERE party = person_));
    UPDATE contracts_row SET words = ''
    WHERE words <> '' AND (marked_by = person_
        OR contract_id IN (SELECT id FROM contracts_contract WHERE party = person_));
    UPDATE contracts_contract SET subject = '-', place = '' WHERE party = person_;
END $$;
