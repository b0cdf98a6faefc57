-- What an erased person wrote about tasks; the tasks stay, nameless. It runs as the owner: the application itself may
-- change no move.
CREATE FUNCTION delivery_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE delivery_task_move SET why = '' WHERE person = person_ AND why <> '';
END $$;
