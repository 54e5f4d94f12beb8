"""Everything that routes an order or changes a ruleset: one function a use case."""
