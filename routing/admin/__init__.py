"""Staff read and edit how orders are routed."""
