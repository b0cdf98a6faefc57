-- The stars of an erased person stay; their words and pictures go, and the words that answered them. It runs as the
-- owner: the application itself may change no review.
CREATE FUNCTION reviews_forget_words(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE reviews_reply a SET text = '' FROM reviews_review r JOIN reviews_purchase p ON p.id = r.purchase_id
    WHERE a.review_id = r.id AND p.buyer = person_ AND a.text <> '';
    UPDATE reviews_review r SET text = '', pictures = '{}' FROM reviews_purchase p
    WHERE p.id = r.purchase_id AND p.buyer = person_ AND (r.text <> '' OR r.pictures <> '{}');
END $$;
