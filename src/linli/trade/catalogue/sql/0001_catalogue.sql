-- Whether no stock is kept of a variant (prepared food); an unknown variant is not one of those.
CREATE FUNCTION catalogue_is_untracked(variant_ uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce((SELECT NOT v.tracked FROM catalogue_variant v WHERE v.id = variant_), false);
$$;
