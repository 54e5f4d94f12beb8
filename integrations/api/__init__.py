"""Sending and what became of it, for programs."""
