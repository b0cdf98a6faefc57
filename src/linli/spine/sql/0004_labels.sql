-- Labels without gaps, one count for each kind of thing, place and day: whoever takes one holds the count until the
-- transaction ends.
CREATE FUNCTION spine_next_label(prefix_ text, place_ uuid, day_ date) RETURNS integer LANGUAGE sql AS $$
    INSERT INTO spine_label AS l (prefix, place, day, last) VALUES (prefix_, place_, day_, 1)
    ON CONFLICT (prefix, place, day) DO UPDATE SET last = l.last + 1 RETURNING last;
$$;
