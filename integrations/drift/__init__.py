"""Comparing what a platform holds with what we know of it, and saying where both disagree."""
