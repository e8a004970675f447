"""Ids and names made from what is there: the same rubric gives the same ones on every machine."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Container

from assessor_app.rubric.schema import RubricVersion

MAX_SLUG_CHARS = 60
"""Longest name that is made from a text."""


class Ids:
    """UUIDs of a version's parts, of version 5 (RFC 9562): made from names, the same each time.

    An issuer's own address keeps them apart from those of another issuer with a rubric of the same id.
    """

    def __init__(self, version: RubricVersion, address: str = "") -> None:
        """Ids for this version under the issuer's address; an empty one will do."""
        space = address or "urn:assessor-workstation:rubrics"
        self._space = _from_name(uuid.NAMESPACE_URL, f"{space}/{version.id}/versions/{version.version}")

    def of(self, *path: str) -> str:
        """The id of a part, such as `of("criterion", criterion.id)`."""
        return str(_from_name(self._space, "\x1f".join(path)))

    def uri(self, *path: str) -> str:
        """The id of a part as an address."""
        return f"urn:uuid:{self.of(*path)}"


def _from_name(space: uuid.UUID, name: str) -> uuid.UUID:
    digest = hashlib.sha1(space.bytes + name.encode("utf-8"), usedforsecurity=False).digest()
    return uuid.UUID(bytes=digest[:16], version=5)


def slug(text: str, taken: Container[str], *, otherwise: str) -> str:
    """A short name in lower case from a text, another one than those taken.

    Args:
        text: such as a level's label: "Not Met" becomes "not_met".
        taken: names that are used already.
        otherwise: what stands where the text has no letter or digit.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    name = re.sub(r"[^\w]+", "_", plain).strip("_")[:MAX_SLUG_CHARS].strip("_") or otherwise
    made, number = name, 2
    while made in taken:
        made, number = f"{name}_{number}", number + 1
    return made


def is_address(text: str) -> bool:
    """Whether a text is an absolute URI."""
    return re.fullmatch(r"([A-Za-z][A-Za-z0-9+.-]*://|urn:)[!#-;=?-\[\]_a-z~]+", text) is not None
