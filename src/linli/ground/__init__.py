"""Ground: who and where; per-community rules. places, people, policies, files."""
