-- What stands on every account of one word, whole, for those who check the ledger against their own rows: the book, what
-- the address says after the word ('' where nothing), and the sum of the postings. Behind the caller's walls.
CREATE FUNCTION ledger_sums(word_ text) RETURNS TABLE (book text, about text, minor bigint) LANGUAGE sql STABLE AS $$
    SELECT b.name, substr(a.address, length(word_) + 2), sum(p.amount_minor)::bigint
    FROM ledger_account a JOIN ledger_book b ON b.id = a.book_id JOIN ledger_posting p ON p.account_id = a.id
    WHERE split_part(a.address, ':', 1) = word_
    GROUP BY b.name, a.address;
$$;
