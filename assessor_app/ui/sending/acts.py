"""What a banner may offer to do about what waits to be sent."""

from __future__ import annotations

LEAVE_SENT = "leave_sent"
"""What was sent is not taken back after all."""
COMPARE = "compare"
"""Both sides of what was changed here and on the platform are looked at."""
KEEP_WORK = "keep_work"
"""The work is not given back after all."""
EXPORT_WORK = "export_work"
"""What was made of the submission is written into a readable file."""
REMOVE_WORK = "remove_work"
"""What was made of a submission that is not this person's any more is erased here."""
