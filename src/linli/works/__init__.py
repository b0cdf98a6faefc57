"""Works: programs about the house (demo, replay, bench, doctor). They speak to it through doors only."""
