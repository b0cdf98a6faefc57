-- Numbers without gaps, one series per company and word: whoever takes one holds the series until the transaction ends,
-- and gives it back when it is rolled back.
CREATE FUNCTION billing_next_number(company_ uuid, series_ text) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO billing_series AS s (id, company, series, last) VALUES (gen_random_uuid(), company_, series_, 1)
    ON CONFLICT (company, series) DO UPDATE SET last = s.last + 1 RETURNING last;
$$;
