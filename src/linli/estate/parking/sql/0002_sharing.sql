-- The cars of an erased person go, their plates in stays that are over and owe nothing, and the plates for which they
-- booked shared spaces, once that is over; times and amounts stay. A
-- plate that is kept off the grounds stays on its list as long as that holds. It runs as the owner: moves are changed by
-- nobody else.
CREATE OR REPLACE FUNCTION parking_forget(person_ uuid, at_ timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    car record;
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE parking_session_move SET why = '' WHERE person = person_ AND why <> '';
    UPDATE parking_space_booking_move SET why = ''
    WHERE why <> '' AND (person = person_ OR of_id IN (SELECT id FROM parking_space_booking WHERE booker = person_));
    UPDATE parking_space_booking SET plate = '', photo = NULL WHERE booker = person_ AND ended_at IS NOT NULL;
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
