"""What is to be known of the contract before any of it is read: its version, and where it says how it is.

Free of the models of `protocol.py`, so that whoever only names the version does not load them.
"""

from __future__ import annotations

API_VERSION = 1
HEALTH_PATH = "/health"
