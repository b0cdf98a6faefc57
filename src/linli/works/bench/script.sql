-- The rows that the house writes from a placed order to its shares, on plain tables: no walls, rules or histories, and
-- only the keys without which an order could not be found again or would be written twice.
CREATE SCHEMA script;
CREATE TABLE script.audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, action text NOT NULL, said jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now());
CREATE TABLE script.fact (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL, body jsonb NOT NULL);
CREATE TABLE script.level (
    product integer PRIMARY KEY, on_hand integer NOT NULL, reserved integer NOT NULL, CHECK (reserved BETWEEN 0 AND on_hand))
    WITH (fillfactor = 70);
CREATE TABLE script.batch (product integer PRIMARY KEY, remaining integer NOT NULL CHECK (remaining >= 0)) WITH (fillfactor = 70);
CREATE TABLE script.checkout (
    id uuid PRIMARY KEY, buyer uuid NOT NULL, state text NOT NULL, total_minor bigint NOT NULL, ended_at timestamptz);
CREATE TABLE script.sale (
    id uuid PRIMARY KEY, checkout uuid NOT NULL REFERENCES script.checkout (id), state text NOT NULL,
    version integer NOT NULL, total_minor bigint NOT NULL, changed_at timestamptz NOT NULL);
CREATE TABLE script.line (
    sale uuid NOT NULL REFERENCES script.sale (id), nth integer NOT NULL, product integer NOT NULL, quantity integer NOT NULL,
    net_minor bigint NOT NULL, PRIMARY KEY (sale, nth));
CREATE TABLE script.move (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sale uuid NOT NULL REFERENCES script.sale (id), verb text NOT NULL,
    state text NOT NULL, at timestamptz NOT NULL);
CREATE TABLE script.reservation (
    sale uuid NOT NULL REFERENCES script.sale (id), product integer NOT NULL, quantity integer NOT NULL, until timestamptz,
    PRIMARY KEY (sale, product));
CREATE TABLE script.movement (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, product integer NOT NULL, quantity integer NOT NULL,
    sale uuid NOT NULL REFERENCES script.sale (id), at timestamptz NOT NULL);
CREATE TABLE script.collection (
    id uuid PRIMARY KEY, checkout uuid NOT NULL REFERENCES script.checkout (id), amount_minor bigint NOT NULL,
    legs text[] NOT NULL, minors bigint[] NOT NULL);
CREATE TABLE script.event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, collection uuid NOT NULL REFERENCES script.collection (id),
    name text NOT NULL UNIQUE, amount_minor bigint NOT NULL, at timestamptz NOT NULL);
CREATE TABLE script.account (address text PRIMARY KEY, opened_at timestamptz NOT NULL);
CREATE TABLE script.journal (id uuid PRIMARY KEY, key text NOT NULL UNIQUE, kind text NOT NULL, at timestamptz NOT NULL);
CREATE TABLE script.posting (
    journal uuid NOT NULL REFERENCES script.journal (id), leg integer NOT NULL,
    address text NOT NULL REFERENCES script.account (address), minor bigint NOT NULL, PRIMARY KEY (journal, leg));
CREATE TABLE script.unfolded (
    journal uuid NOT NULL, leg integer NOT NULL, address text NOT NULL, minor bigint NOT NULL, PRIMARY KEY (journal, leg));
CREATE TABLE script.handover (
    id uuid PRIMARY KEY, sale uuid NOT NULL REFERENCES script.sale (id), code text NOT NULL, state text NOT NULL);
CREATE TABLE script.earning (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payee text NOT NULL, sale uuid NOT NULL REFERENCES script.sale (id),
    amount_minor bigint NOT NULL, free_at timestamptz NOT NULL);
INSERT INTO script.level SELECT n, 100000000, 0 FROM generate_series(1, 1000) AS n;
INSERT INTO script.batch SELECT n, 100000000 FROM generate_series(1, 1000) AS n;
INSERT INTO script.account SELECT a, now() FROM unnest(ARRAY['clearing', 'merchant', 'property', 'platform']) AS a;
