-- The words that were typed about the orders of a person, and by that person about others' orders. It runs as the owner:
-- the application itself may change no move.
CREATE FUNCTION orders_forget_words(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE orders_move m SET why = '' WHERE m.why <> '' AND (m.person = person_
        OR EXISTS (SELECT FROM orders_order o WHERE o.id = m.order_id AND o.buyer = person_));
    UPDATE orders_refund r SET reason = '' WHERE r.reason <> '' AND r.buyer = person_;
END $$;
