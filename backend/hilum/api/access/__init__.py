"""Access to the service: hosts, origins of pages, credentials."""
