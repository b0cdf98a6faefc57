-- What was typed by an erased person or about their money goes; amounts, numbers and days stay for the books, nameless.
-- It runs as the owner: entries and repayments are changed by nobody else.
CREATE FUNCTION billing_forget(person_ uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    owed bigint[];
BEGIN
    IF NOT linli_inside() THEN
        RAISE EXCEPTION 'only the house forgets' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT coalesce(array_agg(l.id), '{}') INTO owed
    FROM billing_bill b JOIN billing_line l ON l.bill_id = b.id WHERE b.obligor = person_;
    UPDATE billing_line SET reason = reason || '{"why": ""}'
    WHERE id = ANY (owed) AND credits_id IS NOT NULL AND reason ->> 'why' <> '';
    UPDATE billing_line SET reason = jsonb_set(reason, '{title,why}', '""')
    WHERE id = ANY (owed) AND reason #>> '{title,why}' <> '';
    UPDATE billing_deposit_entry SET why = '' WHERE why <> '' AND person_ IN (obligor, person);
    UPDATE billing_term_move SET why = '' WHERE why <> '' AND person_ IN (obligor, person);
    UPDATE billing_plan SET why = '', answer = ''
    WHERE (why <> '' OR answer <> '') AND person_ IN (obligor, asked_by, decided_by);
    UPDATE billing_plan_move SET why = '' WHERE why <> '' AND person_ IN (obligor, person);
    UPDATE billing_wallet_entry SET why = '' WHERE why <> '' AND person_ IN (person, taken_by);
    UPDATE billing_repayment SET why = '' WHERE why <> '' AND person_ IN (payer, person);
    UPDATE billing_waiver SET why = '', answer = ''
    WHERE (why <> '' OR answer <> '') AND (person_ IN (asked_by, decided_by) OR lines && owed);
    UPDATE billing_cost SET why = '' WHERE why <> '' AND person_ IN (entered_by, decided_by);
    UPDATE billing_invoice SET title = '', tax_number = '', answer = '' WHERE payer = person_;
    UPDATE billing_invoice SET answer = '' WHERE decided_by = person_ AND answer <> '';
    UPDATE billing_arrears_note SET text = '' WHERE text <> '' AND person_ IN (obligor, written_by);
    UPDATE billing_bank_line SET payer = '', memo = '', why = '' WHERE person = person_;
    UPDATE billing_bank_line SET why = '' WHERE decided_by = person_ AND why <> '';
    UPDATE billing_bank_line AS b SET payer = '', memo = '' FROM billing_receipt r
    WHERE r.id = b.receipt_id AND r.payer = person_;
END $$;
