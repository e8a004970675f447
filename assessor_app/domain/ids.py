"""Identifiers: opaque text, one type for each thing, never a name of a person."""

from __future__ import annotations

from typing import NewType

SubmissionId = NewType("SubmissionId", str)
"""The platform's id of one attempt; UUID text."""
MicrocredentialId = NewType("MicrocredentialId", str)
RubricId = NewType("RubricId", str)
RequirementId = NewType("RequirementId", str)
CriterionId = NewType("CriterionId", str)
PromptId = NewType("PromptId", str)
ResponseId = NewType("ResponseId", str)
ArtifactId = NewType("ArtifactId", str)
LinkId = NewType("LinkId", str)
AnnotationId = NewType("AnnotationId", str)
"""Client-made UUIDv7."""
RecommendationId = NewType("RecommendationId", str)
"""Client-made UUIDv7; one for each round."""
DecisionId = NewType("DecisionId", str)
"""Client-made UUIDv7."""
OutboxId = NewType("OutboxId", str)
"""Client-made UUIDv7, at the same time the Idempotency-Key on the wire."""
BankEntryId = NewType("BankEntryId", str)
"""A comment kept for use again: client-made UUIDv7, or the platform's id of a team's."""
ActorId = NewType("ActorId", str)
"""A pseudonym of an assessor, approver or lead; never a learner."""
