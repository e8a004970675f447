"""Roles of the people who assess."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an actor may do on the platform; one actor can have several."""

    PREASSESSOR = "preassessor"
    ASSESSOR = "assessor"
    APPROVER = "approver"
    LEAD = "lead"


SCOPES: dict[Role, str] = {
    Role.PREASSESSOR: "preassess",
    Role.ASSESSOR: "assess",
    Role.APPROVER: "approve",
    Role.LEAD: "lead.calibrate",
}
"""The sign-in scope that each role asks for."""
