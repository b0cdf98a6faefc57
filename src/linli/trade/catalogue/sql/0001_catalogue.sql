-- Whether no stock is kept of a variant (prepared food); an unknown variant is not one of those.
CREATE FUNCTION catalogue_is_untracked(variant_ uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT NOT v.tracked FROM catalogue_variant v WHERE v.id = variant_), false);
$$;

-- The shops that sell these variants.
CREATE FUNCTION catalogue_shops(variants uuid[]) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN ARRAY(SELECT DISTINCT l.shop_id FROM catalogue_variant v JOIN catalogue_listing l ON l.id = v.listing_id
                 WHERE v.id = ANY (variants));
END $$;

-- What keeps a community from buying a variant as it is, with nothing chosen: NULL where nothing does, 'unsold' where it is
-- not seen there, and else the group of options that asks for a choice, with its least and most. The rule is
-- `rules.check_choices` for no choices, and what is sold is as `queries.prices` says; a test holds them together.
CREATE FUNCTION catalogue_hindrance(variant_ uuid, community_ uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    prepared uuid;  -- the listing, where it may ask for choices
BEGIN
    SELECT CASE l.kind WHEN 'prepared' THEN l.id END INTO prepared
    FROM catalogue_variant v JOIN catalogue_listing l ON l.id = v.listing_id JOIN shops_serving(community_) s ON s.shop = l.shop_id
    WHERE v.id = variant_ AND v.listed AND l.listed AND coalesce(
        (SELECT o.visible FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = community_),
        (SELECT o.visible FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = s.district),
        (SELECT o.visible FROM catalogue_offer o WHERE o.variant_id = v.id AND o.place = s.city), true);
    IF NOT FOUND THEN
        RETURN 'unsold';
    ELSIF prepared IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT concat_ws(' ', g.id, g.least, g.most) FROM catalogue_option_group g
            WHERE g.listing_id = prepared AND g.listed AND g.least > 0
              AND EXISTS (SELECT FROM catalogue_option o WHERE o.group_id = g.id)
            ORDER BY g.position, g.id LIMIT 1);
END $$;

SELECT spine_keep_plans('^catalogue_(hindrance|shops)$');
