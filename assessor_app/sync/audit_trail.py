"""Tells the platform what was done to evidence on this machine: uncovered, opened in another program.

Effects alone, for the audit trail; no reading times and no clicks. What cannot be told stays for the next
sync.
"""

from __future__ import annotations

import base64
import hashlib
import json
from itertools import groupby

from assessor_app.cache import identity_findings
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.sync.protocol import AuditIn, EffectIn, as_json
from assessor_app.sync.transport import Transport

MOST = 200
_NEVER_WANTED = frozenset({403, 404, 410, 422})
"""With words of the platform's own: this submission is not hers any more, or never had such evidence."""


def tell(store: Store, transport: Transport, *, clock: Clock) -> int:
    """Tell what was not told yet; gives how many effects the platform has taken.

    Raises:
        KnownError: no answer of the platform; the rest stays.
    """
    with store.read() as txn:
        effects = sorted(identity_findings.untold_effects(txn, MOST), key=lambda effect: effect.submission_id)
    taken = 0
    for submission_id, of_one in groupby(effects, lambda effect: effect.submission_id):
        group = list(of_one)
        told = [
            EffectIn.model_validate(
                {"id": one.id, "at": one.at, "what": one.what, "source_id": one.source_id}
            )
            for one in group
        ]
        body = json.dumps(as_json(AuditIn(submission_id=submission_id, effects=told))).encode()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": clock.new_id(),
            "Content-Digest": f"sha-256=:{digest}:",
        }
        answer = transport.call("POST", "/v1/audit", body=body, headers=headers)
        if answer.status == 201 or (
            answer.status in _NEVER_WANTED and answer.problem_code not in ("", "not-found")
        ):
            with store.write() as txn:
                identity_findings.effects_told(txn, [one.id for one in group])
            taken += len(group) if answer.status == 201 else 0
    return taken
