-- Every version of some policies that may ever hold at a place. Seen from a community or a building, a company's versions
-- hold while it looks after the community: `holds_from` and `holds_until` bound them, and are NULL for the other levels.
-- What was withdrawn before it began is not among them.
CREATE FUNCTION policies_versions(words text[], city_ uuid, company_ uuid, community_ uuid, building_ uuid)
RETURNS TABLE (word text, setting text, level text, place uuid, value jsonb, start_at timestamptz, number uuid,
               holds_from timestamptz, holds_until timestamptz, set_at timestamptz, set_by uuid)
LANGUAGE sql STABLE AS $$
    SELECT v.word, v.setting, v.level, v.place, v.value, v.start_at, v.id, NULL::timestamptz, NULL::timestamptz,
           v.set_at, v.set_by
    FROM policies_version v
    WHERE v.word = ANY (words) AND NOT EXISTS (SELECT FROM policies_withdrawal w WHERE w.version_id = v.id)
      AND (v.place IS NULL OR (v.level, v.place) IN (
        VALUES ('city', coalesce(city_, places_city_of(community_))), ('company', company_), ('community', community_),
               ('building', building_)))
    UNION ALL
    SELECT v.word, v.setting, v.level, v.place, v.value, v.start_at, v.id, s.start_at, s.end_at, v.set_at, v.set_by
    FROM people_stewardships(community_) s JOIN policies_version v
        ON v.word = ANY (words) AND v.level = 'company' AND v.place = s.company
    WHERE NOT EXISTS (SELECT FROM policies_withdrawal w WHERE w.version_id = v.id)
$$;
