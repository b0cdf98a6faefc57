-- The whole number that holds of one setting in many communities at an instant, in one pass: `rules.explain` of a
-- setting of whole numbers, for the clocks that ask for every community at once. At each level the latest version that
-- has begun counts; the narrowest level wins that says a number the setting allows. Where nobody says anything the
-- community is absent, and the default of the class holds.
CREATE FUNCTION policies_whole_numbers(
    word_ text, setting_ text, low_ integer, high_ integer, communities uuid[], at_ timestamptz
) RETURNS TABLE (community uuid, value integer) LANGUAGE sql STABLE AS $$
    WITH said AS MATERIALIZED (
        SELECT DISTINCT ON (v.level, v.place) v.level, v.place, v.value
        FROM policies_version v
        WHERE v.word = word_ AND v.setting = setting_ AND v.start_at <= at_ AND v.level <> 'building'
          AND NOT EXISTS (SELECT FROM policies_withdrawal w WHERE w.version_id = v.id)
        ORDER BY v.level, v.place, v.start_at DESC, v.id DESC
    ), heard AS (
        SELECT a.community, 1 AS depth, s.value FROM unnest(communities) AS a(community), said s
        WHERE s.level = 'platform'
        UNION ALL
        SELECT a.community, 2, s.value
        FROM (SELECT c AS community, places_city_of(c) AS city FROM unnest(communities) c) a
        JOIN said s ON s.level = 'city' AND s.place = a.city
        UNION ALL
        SELECT a.community, 3, s.value FROM people_companies_of(communities, at_) a
        JOIN said s ON s.level = 'company' AND s.place = a.company
        UNION ALL
        SELECT a.community, 4, s.value FROM unnest(communities) AS a(community)
        JOIN said s ON s.level = 'community' AND s.place = a.community
    )
    SELECT DISTINCT ON (h.community) h.community, (h.value #>> '{}')::integer
    FROM heard h
    WHERE CASE WHEN h.value #>> '{}' ~ '^-?[0-9]{1,9}$' AND jsonb_typeof(h.value) = 'number'
               THEN (h.value #>> '{}')::integer BETWEEN low_ AND high_ ELSE false END
    ORDER BY h.community, h.depth DESC
$$;
