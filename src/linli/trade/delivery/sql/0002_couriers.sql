-- What an erased person wrote about tasks and slots; these stay, nameless. It runs as the owner: the application itself may
-- change no move.
CREATE FUNCTION delivery_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE delivery_task_move SET why = '' WHERE person = person_ AND why <> '';
    UPDATE delivery_slot_move SET why = '' WHERE person = person_ AND why <> '';
END $$;

-- The task of each of these orders, for the checks of who asked for it; what the caller does not see is absent.
CREATE FUNCTION delivery_tasks_of(orders uuid[]) RETURNS TABLE ("order" uuid, task uuid, state text)
LANGUAGE sql STABLE AS $$
    SELECT t."order", t.id, t.state FROM delivery_task AS t WHERE t."order" = ANY (orders)
$$;
