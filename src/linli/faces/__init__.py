"""Faces: one per audience over the shell; they parse, call one action, render."""
