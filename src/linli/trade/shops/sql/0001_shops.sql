-- The shops that sell in a community, with the places above it (for prices that are inherited), nearest first.
CREATE FUNCTION shops_serving(community_ uuid)
RETURNS TABLE (shop uuid, district uuid, city uuid, distance_m integer) LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT z.shop_id, z.district, z.city, z.distance_m
    FROM shops_shop_community z JOIN shops_shop s ON s.id = z.shop_id
    WHERE z.community = community_ AND z.visible AND s.state = 'approved';
$$;
