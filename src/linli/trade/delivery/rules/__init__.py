"""The rules of delivery: pooled waves, plain Python and solvers, no tables and no clock but CPU time."""
