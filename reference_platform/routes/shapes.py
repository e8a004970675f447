"""Shapes that several paths share: ids in addresses, problem documents, bodies in the description."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel

Identifier = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._:-]+$")]
"""An id that the platform made."""
ClientId = Annotated[str, Path(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
"""A UUID that the client made."""

PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "A problem document (RFC 9457).",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
    }
}
"""What every path may answer instead."""


def takes(model: type[BaseModel]) -> dict[str, Any]:
    """Describes the body of a write and the headers that it carries."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}},
        },
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": True,
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,100}$"},
            },
            {
                "name": "Content-Digest",
                "in": "header",
                "required": False,
                "description": "sha-256 of the body (RFC 9530).",
                "schema": {"type": "string"},
            },
        ],
    }
