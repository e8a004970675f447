"""Verbs of a sign-in on another device: take a code to show, then ask now and then. On the network lane."""

from __future__ import annotations

from assessor_app.services.context import Context
from assessor_app.sync import device_sign_in

DeviceCode = device_sign_in.DeviceCode
Told = device_sign_in.Told
CodeEnded = device_sign_in.CodeEnded
"""What they are made of; named here for the window."""


def begin(context: Context) -> DeviceCode:
    """Take a code.

    Raises:
        Offline: the platform cannot be reached.
        SignInNeeded: it has no sign-in on another device.
    """
    return device_sign_in.begin(context.origin, (context.role,), cutter=context.transport.cutter)


def ask(context: Context, code: DeviceCode) -> Told:
    """Ask once whether it was confirmed; then somebody is signed in.

    Raises:
        Offline: the platform cannot be reached; asking can go on.
        CodeEnded: another code is needed.
        SignInNeeded: it was declined, or confirmed by somebody else.
    """
    return device_sign_in.ask(context.store, context.origin, code, cutter=context.transport.cutter)
