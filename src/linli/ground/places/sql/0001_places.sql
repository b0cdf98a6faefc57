-- The great circle on a sphere of the Earth's mean radius; rules.distance_m is the same formula.
-- Degrees come rounded (rules.degrees): the square of an absurdly small one would underflow, an error here.
CREATE FUNCTION places_distance_m(lat_a double precision, lon_a double precision,
                                  lat_b double precision, lon_b double precision)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(2 * 6371008.8 * asin(least(1, sqrt(
    power(sin(radians(lat_b - lat_a) / 2), 2)
    + cos(radians(lat_a)) * cos(radians(lat_b)) * power(sin(radians(lon_b - lon_a) / 2), 2)))))::integer;

-- Half the width in degrees of the box around a circle of that radius; near a pole, all the way round.
CREATE FUNCTION places_half_width(lat_ double precision, radius_m integer)
RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN abs(lat_) + degrees(radius_m / 6371008.8) >= 89.9 THEN 360
            ELSE degrees(asin(sin(radius_m / 6371008.8) / cos(radians(lat_)))) + 0.000001 END;

-- Communities within a distance of a point, nearest first: a box by the index (also across the date line), then exact.
CREATE FUNCTION places_near(lat_ double precision, lon_ double precision, radius_m integer, most integer)
RETURNS TABLE (community uuid, distance_m integer) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT c.id, places_distance_m(lat_, lon_, c.lat, c.lon) AS far
    FROM places_community c, (SELECT places_half_width(lat_, radius_m) AS degrees_) AS half
    WHERE c.lat BETWEEN lat_ - degrees(radius_m / 6371008.8) - 0.000001
                    AND lat_ + degrees(radius_m / 6371008.8) + 0.000001
      AND (c.lon BETWEEN lon_ - half.degrees_ AND lon_ + half.degrees_
           OR c.lon + 360 BETWEEN lon_ - half.degrees_ AND lon_ + half.degrees_
           OR c.lon - 360 BETWEEN lon_ - half.degrees_ AND lon_ + half.degrees_)
      AND places_distance_m(lat_, lon_, c.lat, c.lon) <= radius_m
    ORDER BY far, c.id LIMIT most;
$$;

CREATE FUNCTION places_city_of(community_ uuid) RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT d.city_id FROM places_community c JOIN places_district d ON d.id = c.district_id WHERE c.id = community_;
$$;

-- In plpgsql, which keeps its plan: a function in SQL that reads tables is parsed and planned anew in every statement
-- that calls it (0.4 ms here, of 0.5 that asking for a shop's terms took).
CREATE FUNCTION places_timezone(community_ uuid) RETURNS text LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN (SELECT y.timezone FROM places_community c JOIN places_district d ON d.id = c.district_id
            JOIN places_city y ON y.id = d.city_id WHERE c.id = community_);
END $$;

-- The business day of an instant in the community's zone, and the instant at which a business day begins there.
CREATE FUNCTION places_day(community_ uuid, at_ timestamptz) RETURNS date LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (at_ AT TIME ZONE places_timezone(community_))::date;
$$;

CREATE FUNCTION places_midnight(community_ uuid, day date) RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT day::timestamp AT TIME ZONE places_timezone(community_);
$$;

-- The community that homes stand in.
CREATE FUNCTION places_communities_of(homes uuid[]) RETURNS TABLE (home uuid, community uuid)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT h.id, b.community_id FROM places_home h JOIN places_unit u ON u.id = h.unit_id
    JOIN places_building b ON b.id = u.building_id WHERE h.id = ANY(homes);
$$;

-- Every home of a community with its unit and building.
CREATE FUNCTION places_homes_of(community_ uuid) RETURNS TABLE (home uuid, unit uuid, building uuid)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT h.id, u.id, b.id FROM places_home h JOIN places_unit u ON u.id = h.unit_id
    JOIN places_building b ON b.id = u.building_id WHERE b.community_id = community_;
$$;
