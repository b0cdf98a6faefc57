-- What is paid for a shared parking space is held for its booking until that is over (the same row as rules/chart.py).
INSERT INTO ledger_chart
    (word, book_kind, code, nature, pattern, guarded, cached, subject_part, company_part, community_part)
VALUES ('booking_escrow', 'platform', 2015, 'liability',
    '^booking_escrow:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', true, false, 2, 0, 0);
