"""Routing for programs."""
