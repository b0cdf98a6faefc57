"""Works: programs about the house, which speak to it only through doors. demo, replay, bench, doctor."""
