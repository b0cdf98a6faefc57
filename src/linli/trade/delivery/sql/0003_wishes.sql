-- Where the residents of a home want their orders left, the first place first; nothing where they said nothing.
-- It crosses the wall as the house itself: whoever asks has made sure that the home is the asker's.
CREATE FUNCTION delivery_wished(home_ uuid) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    was constant text := linli_role();
    walls text;
    wished text[];
BEGIN
    IF home_ IS NULL THEN
        RETURN '{}';
    END IF;
    walls := set_config('linli.role', 'system', true);
    SELECT places INTO wished FROM delivery_wish WHERE home = home_;
    walls := set_config('linli.role', was, true);
    RETURN coalesce(wished, '{}');
END $$;
