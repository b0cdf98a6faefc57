"""The JSON face: the same actions and questions for programs, and what payment providers and webhooks exchange."""
