"""The HTTP face of our own, for what no other vendor's has: integrations, webhooks."""
