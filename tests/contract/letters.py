"""Files of unsent work as a workstation makes them, for the contract tests."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from assessor_app.domain.assessments import OutboxItem
from assessor_app.sync.protocol import ReceiptWire
from assessor_app.sync.wire_sealed import (
    RowAnswer,
    UnsentAnswers,
    UnsentManifest,
    UnsentRow,
    answers_bytes,
    answers_of,
    packed,
)
from assessor_app.vault.envelope import Content, SealingKeys, seal, unseal
from tests.contract.bodies import recommendation
from tests.contract.running import Client, as_bytes, new_id
from tests.contract.small_content import FIRST, NOW


def new_keys() -> SealingKeys:
    """Keys of a profile or of a platform."""
    return SealingKeys.of(secrets.token_bytes(64))


def row_of(
    path: str, body: bytes, submission_id: str = FIRST, *, method: str = "PUT", key: str | None = None
) -> UnsentRow:
    """One write as a file describes it."""
    return UnsentRow.model_validate(
        {
            "key": key or new_id(),
            "submission_id": submission_id,
            "kind": "recommendation",
            "method": method,
            "path": path,
            "sha256": hashlib.sha256(body).hexdigest(),
            "size_bytes": len(body),
            "created_at": NOW,
        }
    )


@dataclass
class Writer:
    """A profile whose key the platform knows."""

    client: Client
    actor_id: str
    platform: dict[str, str]
    keys: SealingKeys = field(default_factory=new_keys)

    @classmethod
    def registered(cls, client: Client) -> Writer:
        """Somebody who makes a new key of hers known."""
        keys = new_keys()
        answer = client.call("PUT", f"/v1/me/sealing-keys/{keys.signing_public.hex()}")
        assert answer.status_code == 200, answer.text
        return cls(client, client.get("/v1/me").json()["actor_id"], answer.json()["platform"], keys)

    def file(
        self,
        *rows: tuple[UnsentRow, bytes],
        actor_id: str = "",
        age: timedelta = timedelta(0),
        now: datetime = NOW,
        **fields: Any,
    ) -> bytes:
        """A file of these writes."""
        manifest = UnsentManifest(
            file_id=new_id(),
            actor_id=actor_id or self.actor_id,
            made_at=now - age,
            answer_to=self.keys.opening_public.hex(),
            rows=[row for row, _ in rows],
        )
        payload = packed(manifest.model_copy(update=fields), [body for _, body in rows])
        return seal(Content.WORK, payload, bytes.fromhex(self.platform["opening"]), self.keys)

    def recommends(self, submission_id: str = FIRST, **changes: Any) -> tuple[UnsentRow, bytes]:
        """A recommendation that waits to be sent."""
        body = as_bytes(recommendation(self.client, submission_id, **changes))
        path = f"/v1/submissions/{submission_id}/recommendations/{new_id()}"
        return row_of(path, body, submission_id), body

    def answers(self, imported: dict[str, Any] | bytes) -> list[RowAnswer]:
        """What the platform answered, for this profile alone."""
        data = imported if isinstance(imported, bytes) else base64.b64decode(imported["answers"])
        opened = unseal(Content.ANSWERS, data, self.keys)
        return answers_of(opened.proven(bytes.fromhex(self.platform["signing"]))).answers

    @staticmethod
    def sealed_answers(imported: dict[str, Any]) -> bytes:
        """The file of receipts in what the platform answered to an import."""
        return base64.b64decode(imported["answers"])

    @staticmethod
    def forged_answers(row: OutboxItem, reader: bytes, actor_id: str) -> bytes:
        """A receipt that fits a row, by somebody who is not the platform."""
        receipt = ReceiptWire(
            key=row.id, sha256=row.sha256, submission_id=row.submission_id, received_at=NOW, effect="x"
        )
        told = RowAnswer(key=row.id, sha256=row.sha256, status=201, receipt=receipt)
        answers = UnsentAnswers(file_id=new_id(), actor_id=actor_id, answered_at=NOW, answers=[told])
        return seal(Content.ANSWERS, answers_bytes(answers), reader, new_keys())
