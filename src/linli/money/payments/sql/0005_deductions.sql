-- A deduction that came to nothing: its collection waits for nothing more, and money that still comes goes back by itself.
-- Answers the agreement, or NULL where the collection is none that is deducted: whoever pays by hand may try once more.
CREATE FUNCTION payments_decline(collection_ uuid, why text, at timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    was text := linli_role();
    walls text;
    agreement uuid;
BEGIN
    walls := set_config('linli.role', 'system', true);
    UPDATE payments_deduction SET due_at = NULL WHERE collection_id = collection_ RETURNING agreement_id INTO agreement;
    IF agreement IS NOT NULL THEN
        PERFORM payments_close(ARRAY[collection_], why, at);
    END IF;
    walls := set_config('linli.role', was, true);
    RETURN agreement;
END $$;
