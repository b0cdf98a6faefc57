-- The question that every change asks first, in one trip: no transaction is opened and no wall raised for it. It
-- crosses the wall as the house itself (linli.role is 'system' inside and is put back), and answers nothing but yes or no.
CREATE FUNCTION sign_in_is_open(session uuid, at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    stands boolean;
BEGIN
    walls := set_config('linli.role', 'system', true);
    stands := EXISTS (SELECT FROM sign_in_session WHERE id = session AND ended_at IS NULL AND expires_at > at);
    walls := set_config('linli.role', was, true);
    RETURN stands;
END $$;

-- The same as a condition of the transaction it is asked in, behind the walls of whoever acts in it, who sees their own
-- sessions: the question stands in the statement (queries.stands), this is what ends the transaction. sqlstate LG001.
CREATE FUNCTION sign_in_is_over() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the session is over' USING ERRCODE = 'LG001';
END $$;
