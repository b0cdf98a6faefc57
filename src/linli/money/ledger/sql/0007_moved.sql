-- What moved on the accounts of some words of one book within a time, document by document: who asks for a company's
-- cash book sees beside it what the ledger says.
CREATE FUNCTION ledger_moved(book_ text, words text[], since timestamptz, until timestamptz)
RETURNS TABLE (document text, minor bigint) LANGUAGE sql STABLE AS $$
    SELECT j.document, sum(p.amount_minor)::bigint
    FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id JOIN ledger_posting p ON p.account_id = a.id
    JOIN ledger_journal j ON j.id = p.journal_id AND j.created_at = p.recorded_at
    WHERE b.name = book_ AND split_part(a.address, ':', 1) = ANY (words) AND p.at >= since AND p.at < until
    GROUP BY j.document;
$$;
