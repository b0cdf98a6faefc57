"""What the tests stand on: a throw-away PostgreSQL, migrated once per state of the code and cloned for each worker."""
