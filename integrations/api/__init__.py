"""Platforms for programs."""
