"""Linli 邻里: one program, many rooms, one database. The map of the house is docs/architecture.md."""
