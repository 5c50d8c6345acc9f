"""Who may use the service: hosts, origins of pages, credentials."""
