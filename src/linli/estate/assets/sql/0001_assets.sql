-- What an erased person wrote about assets goes; that something was done stays, and when. It runs as the owner: moves
-- and answers are changed by nobody else.
CREATE FUNCTION assets_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE assets_asset_move SET why = '' WHERE person = person_ AND why <> '';
    UPDATE assets_task_move SET why = '' WHERE person = person_ AND why <> '';
    UPDATE assets_taking_move SET why = '' WHERE person = person_ AND why <> '';
    UPDATE assets_answer SET words = ''
    WHERE words <> '' AND task_id IN (SELECT id FROM assets_task WHERE done_by = person_);
    UPDATE assets_count SET words = '' WHERE person = person_ AND words <> '';
END $$;
