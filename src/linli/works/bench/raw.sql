-- The bare order: what any shop has to write, on plain tables without walls, rules, audit or history.
CREATE SCHEMA raw;
CREATE TABLE raw.product (id integer PRIMARY KEY, on_hand integer NOT NULL CHECK (on_hand >= 0)) WITH (fillfactor = 70);
CREATE TABLE raw.sale (id uuid PRIMARY KEY, buyer uuid NOT NULL, total_minor bigint NOT NULL, placed_at timestamptz NOT NULL);
CREATE TABLE raw.line (
    sale_id uuid NOT NULL REFERENCES raw.sale (id), nth integer NOT NULL, product_id integer NOT NULL,
    quantity integer NOT NULL, net_minor bigint NOT NULL, PRIMARY KEY (sale_id, nth));
CREATE TABLE raw.posting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sale_id uuid NOT NULL, account text NOT NULL, minor bigint NOT NULL);
CREATE TABLE raw.outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, body jsonb NOT NULL);
INSERT INTO raw.product SELECT n, 100000000 FROM generate_series(1, 5000) AS n;

CREATE FUNCTION raw.place(sale uuid, buyer uuid, products integer[], net bigint, at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    total constant bigint := net * cardinality(products);
    moved integer;
BEGIN
    INSERT INTO raw.sale VALUES (sale, buyer, total, at);
    INSERT INTO raw.line SELECT sale, n, p, 1, net FROM unnest(products) WITH ORDINALITY AS g (p, n);
    UPDATE raw.product AS p SET on_hand = on_hand - 1 WHERE p.id = ANY (products) AND p.on_hand >= 1;
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> cardinality(products) THEN
        RAISE EXCEPTION 'stock is short';
    END IF;
    INSERT INTO raw.posting (sale_id, account, minor) VALUES
        (sale, 'clearing', total), (sale, 'merchant', -(total - 2 * net)), (sale, 'property', -net), (sale, 'platform', -net);
    INSERT INTO raw.outbox (kind, body) VALUES ('sold', jsonb_build_object('sale', sale, 'total', total));
END $$;
