-- Every version of a policy that may ever hold at a place. A company's versions hold while it looks after the community:
-- `holds_from` and `holds_until` bound them, and are NULL for the other levels.
CREATE FUNCTION policies_versions(word_ text, city_ uuid, community_ uuid, building_ uuid)
RETURNS TABLE (setting text, level text, place uuid, value jsonb, start_at timestamptz, number uuid,
               holds_from timestamptz, holds_until timestamptz)
LANGUAGE sql STABLE AS $$
    SELECT v.setting, v.level, v.place, v.value, v.start_at, v.id, NULL::timestamptz, NULL::timestamptz
    FROM policies_version v
    WHERE v.word = word_ AND (v.place IS NULL OR (v.level, v.place) IN (
        VALUES ('city', coalesce(city_, places_city_of(community_))), ('community', community_), ('building', building_)))
    UNION ALL
    SELECT v.setting, v.level, v.place, v.value, v.start_at, v.id, s.start_at, s.end_at
    FROM people_stewardships(community_) s JOIN policies_version v
        ON v.word = word_ AND v.level = 'company' AND v.place = s.company
$$;
