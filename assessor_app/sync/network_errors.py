"""What can be in the way of a call, as errors that a person can act on."""

from __future__ import annotations

from assessor_app.errors import Offline, PlatformError, SignInNeeded
from assessor_app.sync.answer import Answer
from assessor_app.sync.tls_trouble import TlsTrouble, tls_trouble


class NothingSent(Offline):
    """The connection was never made: the platform cannot have seen the request."""


class UnknownEffect(Offline):
    """The connection broke after the request left: the platform may have acted on it."""


class Portal(Offline):
    """A network that wants a sign-in of its own answered in place of the platform."""


class PortalBeforeSending(Portal, NothingSent):
    """The same, found out before anything was sent."""


class NotThePlatform(Offline):
    """Something that does not speak the contract answered at the platform's address."""


class Unavailable(Offline):
    """The platform answered that it cannot answer now."""


class Busy(Unavailable):
    """The platform asked for a pause."""


class BusyStill(Busy, NothingSent):
    """The pause that the platform asked for is not over, so that it was not asked."""


class UnavailableStill(Unavailable, NothingSent):
    """It failed so often that it is left alone for a moment."""


class AccessChanged(PlatformError):
    """The platform does not let this account in any more."""


class UpdateNeeded(PlatformError):
    """The platform does not take this version of the workstation any more."""

    version = ""
    """The version of the workstation that it wants; empty if it did not say."""


class Intercepted(PlatformError):
    """The secure connection is not with the platform."""


class CertificateDate(Intercepted):
    """By this machine's clock the platform's certificate is not valid."""

    is_early = False
    """Whether it will only be valid later: then the clock is behind."""


def offline(error: type[Offline], why: str) -> Offline:
    """An `Offline` error of the wanted kind; being offline is normal, so the words are calm."""
    return error(
        "The platform cannot be reached",
        f"{why} Your work is safe on this computer and is sent when the connection is back.",
        "You can go on working.",
    )


def sign_in_needed() -> SignInNeeded:
    """The error for a session that has ended."""
    return SignInNeeded(
        "Sign in again to send and receive",
        "Your sign-in has ended. Everything you did is safe on this computer and you can go on working.",
        "Sign in when it suits you.",
    )


def update_needed(answer: Answer) -> UpdateNeeded:
    """The error for a platform that has left this version behind."""
    version = answer.minimum_version
    wanted = f"version {version}" if version else "a newer version"
    error = UpdateNeeded(
        "The workstation needs an update to send and receive",
        f"The platform asks for {wanted}. Your work is safe on this computer, and you can go on working.",
        f"Ask IT for {wanted}.",
    )
    error.version = version
    return error


def unavailable(error: type[Unavailable]) -> Unavailable:
    """An `Unavailable` error of the wanted kind."""
    return error(
        "The platform is not available right now",
        "Your work is safe on this computer, and the workstation tries again by itself.",
        "You can go on working.",
    )


def portal(error: type[Portal]) -> Portal:
    """A `Portal` error of the wanted kind."""
    return error(
        "This network wants you to sign in first",
        "Something other than the platform answered. Your work is safe on this computer.",
        "Open a browser, sign in to the network, and the workstation goes on by itself.",
    )


def not_secure(error: Exception) -> PlatformError:
    """Say what is likely: a wrong clock, or somebody between; there is never a way to go on regardless."""
    kind = tls_trouble(error)
    if kind is TlsTrouble.BROKEN:
        return offline(UnknownEffect, "The secure connection broke.")
    if kind in (TlsTrouble.OTHER_HOST, TlsTrouble.NOT_SECURE):
        return portal(PortalBeforeSending)
    if kind in (TlsTrouble.EXPIRED, TlsTrouble.NOT_YET_VALID):
        dated = CertificateDate(
            "The secure connection cannot be trusted",
            "By this computer's clock the platform's certificate is not valid today: the clock may be wrong. "
            "Nothing was sent; your work is safe on this computer.",
            "Check date and time of this computer, then try again.",
        )
        dated.is_early = kind is TlsTrouble.NOT_YET_VALID
        return dated
    return Intercepted(
        "The secure connection cannot be trusted",
        "This network intercepts secure connections. Nothing was sent; your work is safe on this computer.",
        "Try another network, or ask your administrator.",
    )
