-- Slips: what somebody quotes on a bank transfer, so that the bank's line leads to a collection or to the cash that a holder
-- owes. People write before, after and into it: spaces, dashes and small letters do not matter.

CREATE FUNCTION payments_quoted(words text) RETURNS payments_slip LANGUAGE sql STABLE AS $$
    SELECT s FROM payments_slip AS s WHERE s.reference IN (
        SELECT m[1] FROM regexp_matches(upper(regexp_replace(words, '[\s-]', '', 'g')), '(L[TC][0-9A-HJKMNP-TV-Z]{10})', 'g') AS m)
    ORDER BY s.reference LIMIT 1;
$$;

-- A transfer that came in or left, as the bank booked it. What quotes a slip, or our own reference, goes where that leads,
-- through the one handler; NULL when it leads nowhere: then nothing is posted.
CREATE FUNCTION payments_transferred(account_ text, line_ text, words text, amount_ bigint, currency_ text,
                                     booked_at timestamptz, at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    s payments_slip := payments_quoted(words);
    about uuid := coalesce(s.collection_id, payments_thing(words));
    external constant text := 'line:' || account_ || ':' || line_;
BEGIN
    IF amount_ < 0 THEN
        IF EXISTS (SELECT FROM payments_refund AS r WHERE r.id = about AND r.source = 'bank') THEN
            RETURN payments_record('bank', external, 'refund', 'success', words, line_, 'bank:' || account_, -amount_, 0,
                                   currency_, booked_at, at);
        END IF;
    ELSIF s.holder IS NOT NULL AND s.currency = currency_ THEN
        RETURN payments_pay_in(s, account_, line_, amount_, booked_at, at);
    ELSIF EXISTS (SELECT FROM payments_collection AS c WHERE c.id = about) THEN
        RETURN payments_record('bank', external, 'charge', 'success', about::text, line_, 'bank:' || account_, amount_, 0,
                               currency_, booked_at, at);
    END IF;
    RETURN NULL;
END $$;

-- Cash handed in at the bank: it settles what its holder owes; what is more than that waits on suspense.
CREATE FUNCTION payments_pay_in(s payments_slip, account_ text, line_ text, amount_ bigint, booked_at timestamptz,
                                at timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    book constant text := 'platform:' || s.city;
    due constant text := 'cash_due:' || s.holder;
    owed constant bigint := least(amount_, greatest(0, (ledger_hold(book, ARRAY[due]))[1]));
BEGIN
    IF owed > 0 THEN
        PERFORM ledger_post(ARRAY['paid_in:' || account_ || ':' || line_], ARRAY[book], ARRAY[s.currency::text],
            ARRAY['slip:' || s.reference], ARRAY['cash_paid_in'], ARRAY[at], ARRAY[1, 1],
            ARRAY['bank:' || account_, due], ARRAY[owed, -owed]);
    END IF;
    IF owed < amount_ THEN
        PERFORM payments_unexplained('bank:' || account_, booked_at::date, line_, account_, s.city, s.currency::text,
                                     amount_ - owed, owed, amount_, at);
    END IF;
    RETURN 'paid_in';
END $$;
