"""Orders and imports over HTTP: the same services and findings as the admin."""
