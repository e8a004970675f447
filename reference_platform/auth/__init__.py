"""Signing in: OAuth 2 for a public client on a loopback redirect."""
