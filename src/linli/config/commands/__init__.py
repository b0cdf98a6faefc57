"""The commands of `linli`, one file each; cli.py lists them."""
