-- pgbench's tables at scale 1, with ten branches so that clients do not wait for one row.
CREATE SCHEMA bank;
CREATE TABLE bank.branch (id integer PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE bank.teller (id integer PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 50);
CREATE TABLE bank.account (id integer PRIMARY KEY, balance bigint NOT NULL, filler char(84)) WITH (fillfactor = 90);
CREATE TABLE bank.history (
    teller integer NOT NULL, branch integer NOT NULL, account integer NOT NULL, delta bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now());
INSERT INTO bank.branch SELECT n, 0 FROM generate_series(1, 10) AS n;
INSERT INTO bank.teller SELECT n, 0 FROM generate_series(1, 100) AS n;
INSERT INTO bank.account SELECT n, 0, '' FROM generate_series(1, 100000) AS n;
ANALYZE bank.account;
