"""Every colour of the three schemes, by its meaning."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour by its meaning, as #rrggbb. Texts keep 4.5:1 on window, surface, raised and hover."""

    window: str
    """Behind everything."""
    surface: str
    """Cards, lists and fields."""
    raised: str
    """Headers, chips, the navigation."""
    hover: str
    selected: str
    """A chosen row; texts stay readable on it."""
    separator: str
    outline: str
    """Borders of controls, at least 3:1 on the surface."""
    text: str
    quiet: str
    """Second-rank text."""
    accent: str
    """Links, primary buttons, progress."""
    on_accent: str
    accent_soft: str
    focus: str
    """The 2 px ring."""
    ok: str
    ok_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str


LIGHT = Colours(
    window="#f6f6f4", surface="#ffffff", raised="#efefec", hover="#f1f2f6", selected="#e7ebf8",
    separator="#e3e3df", outline="#8a8d94", text="#1d1f24", quiet="#585c65",
    accent="#3a55b4", on_accent="#ffffff", accent_soft="#e7ebf8", focus="#3a55b4",
    ok="#1c6b41", ok_soft="#e2f2e8", warning="#84500a", warning_soft="#fbeed8",
    danger="#a92b2b", danger_soft="#fbe6e4",
)  # fmt: skip
DARK = Colours(
    window="#17181b", surface="#1f2125", raised="#292b30", hover="#272a31", selected="#2c3350",
    separator="#33363c", outline="#777c86", text="#e9eaec", quiet="#aeb2ba",
    accent="#9db0f7", on_accent="#14182a", accent_soft="#2c3350", focus="#9db0f7",
    ok="#7fd1a0", ok_soft="#1f3529", warning="#ecb967", warning_soft="#3b2f1a",
    danger="#f59b94", danger_soft="#432524",
)  # fmt: skip
HIGH_CONTRAST = Colours(
    window="#000000", surface="#000000", raised="#000000", hover="#1c1c1c", selected="#003a6b",
    separator="#ffffff", outline="#ffffff", text="#ffffff", quiet="#ffffff",
    accent="#ffe000", on_accent="#000000", accent_soft="#2b2600", focus="#ffe000",
    ok="#6dff9d", ok_soft="#00240d", warning="#ffd166", warning_soft="#2b2000",
    danger="#ff9d9d", danger_soft="#3a0000",
)  # fmt: skip
