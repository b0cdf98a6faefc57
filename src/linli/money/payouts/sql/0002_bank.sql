-- The custody bank's file: each line finds its settlement, its payout, its return or its collection; what finds nothing
-- stands on suspense. Lines that cannot be placed yet (a settlement whose bill was not read) are tried again.
CREATE FUNCTION payouts_match_bank(account_ text, source_ text, most int, at_ timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    b payouts_bank_line;
    effect_ text;
    done int := 0;
BEGIN
    FOR b IN SELECT * FROM payouts_bank_line WHERE account = account_ AND effect IN ('', 'no bill')
             ORDER BY booked_on, id LIMIT most FOR UPDATE SKIP LOCKED
    LOOP
        effect_ := payouts_effect_of(b, source_, at_);
        UPDATE payouts_bank_line SET effect = effect_ WHERE id = b.id;
        done := done + (effect_ = 'matched')::int;
    END LOOP;
    RETURN done;
END $$;

CREATE FUNCTION payouts_effect_of(b payouts_bank_line, source_ text, at_ timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
    day_ date;
BEGIN
    IF b.kind = 'settlement' THEN
        day_ := coalesce(substring(b.reference FROM '\d{4}-\d{2}-\d{2}')::date, b.booked_on - 1);
        RETURN payments_settle(source_, day_, b.reference, b.account, b.city, b.currency, b.amount_minor, at_);
    END IF;
    IF b.kind IN ('payout', 'payout_return') AND (b.amount_minor < 0) = (b.kind = 'payout') THEN
        said := payouts_record('bank:' || b.account, 'line:' || b.line, b.kind, b.reference, b.account,
                               abs(b.amount_minor), '', b.booked_on::timestamptz, at_);
        IF said NOT IN ('unknown', 'wrong') THEN
            RETURN 'matched';
        END IF;
    END IF;
    IF b.kind = 'transfer' THEN
        said := payments_transferred(b.account, b.line, b.reference, b.amount_minor, b.currency, b.booked_on::timestamptz,
                                     at_);
        IF said IS NOT NULL THEN
            RETURN 'matched';
        END IF;
    END IF;
    PERFORM payments_unexplained('bank:' || b.account, b.booked_on, b.line, b.account, b.city, b.currency, b.amount_minor,
                                 NULL, b.amount_minor, at_);
    RETURN 'suspense';
END $$;
