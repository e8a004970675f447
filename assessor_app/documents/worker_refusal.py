"""Why a child does not show a file or a page, and how it says so."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assessor_app.errors import SealDamaged


class Refusal(Exception):
    """A file or page is not shown; the parent turns the reason into a card."""

    def __init__(self, reason: str) -> None:
        """Keep a reason of `cards.REASONS`."""
        super().__init__(reason)
        self.reason = reason


def answered(
    answer: Callable[[Any], dict[str, object]], request: Mapping[str, object], *, damaged: str = "damaged"
) -> dict[str, object]:
    """The answer to a request: what was asked for, or the reason why not.

    Args:
        answer: gives what was asked for.
        request: passed on to it.
        damaged: the reason where a parser gives up.
    """
    try:
        return answer(request)
    except Refusal as refusal:
        return {"refused": refusal.reason}
    except SealDamaged:
        return {"refused": "seal_damaged"}
    except MemoryError:
        return {"refused": "too_much_memory"}
    except Exception as error:  # noqa: BLE001 - parsers of hostile files raise whatever they like
        return {"refused": damaged, "detail": type(error).__name__}
