-- The cars of an erased person go, and their plates in stays that are over and owe nothing; times and amounts stay. A
-- plate that is kept off the grounds stays on its list as long as that holds. It runs as the owner: moves are changed by
-- nobody else.
CREATE FUNCTION parking_forget(person_ uuid, at_ timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    car record;
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE parking_session_move SET why = '' WHERE person = person_ AND why <> '';
    FOR car IN DELETE FROM parking_vehicle WHERE party = person_ RETURNING community, plate LOOP
        UPDATE parking_session_move AS m SET why = '' FROM parking_session AS s
        WHERE m.of_id = s.id AND m.why <> '' AND s.community = car.community AND s.plate = car.plate;
        UPDATE parking_session SET plate = '', read_as = ''
        WHERE community = car.community AND plate = car.plate AND left_at IS NOT NULL AND unpaid_minor = 0;
        UPDATE parking_event SET plate = '', answer = answer - 'plate'
        WHERE community = car.community AND plate = car.plate;
        DELETE FROM parking_listed WHERE community = car.community AND plate = car.plate AND end_at <= at_;
    END LOOP;
END $$;
