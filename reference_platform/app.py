"""The platform as a web application, and its description after OpenAPI 3.1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from assessor_app.sync.protocol import (
    API_VERSION,
    DATA_MODELS,
    AuditIn,
    CaseActionIn,
    ClaimIn,
    ClaimNextIn,
    DecisionIn,
    DraftIn,
    EscalationIn,
    FindingIn,
    PreAssessmentIn,
    ProblemOut,
    RecommendationIn,
    RecuseIn,
    ReleaseIn,
    WithdrawIn,
)
from reference_platform import problems
from reference_platform.contract_versions import ContractVersions
from reference_platform.platform import Platform
from reference_platform.routes import (
    account,
    audit_trail,
    cases,
    claims,
    decisions,
    device_sign_in,
    drafts,
    escalations,
    findings,
    imports,
    pre_assessments,
    recommendations,
    recusals,
    revoking,
    sign_in,
    similarity,
    submissions,
    sync,
)
from reference_platform.routes.shapes import PROBLEMS

OPENAPI_FILE = Path(__file__).parents[1] / "resources" / "platform-api.json"
REFERRED_TO: tuple[type[BaseModel], ...] = (
    ProblemOut,
    RecommendationIn,
    DecisionIn,
    WithdrawIn,
    ClaimIn,
    ClaimNextIn,
    ReleaseIn,
    PreAssessmentIn,
    RecuseIn,
    EscalationIn,
    FindingIn,
    AuditIn,
    CaseActionIn,
    DraftIn,
    *DATA_MODELS.values(),
)
"""Models that the paths name without FastAPI knowing them."""
FOR_EVERYBODY = ("/health", "/.well-known/", "/oauth/")
"""Paths that need no token."""


class PlatformApp(FastAPI):
    """FastAPI with our description: bodies that are read by hand, problem documents everywhere."""

    def openapi(self) -> dict[str, Any]:
        """The description; made once."""
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document["components"]["schemas"]
            schemas.pop("HTTPValidationError", None)
            schemas.pop("ValidationError", None)
            _, extra = models_json_schema(
                [(model, "validation") for model in REFERRED_TO],
                ref_template="#/components/schemas/{model}",
            )
            for name, schema in extra["$defs"].items():
                schemas.setdefault(name, schema)
            document["components"]["schemas"] = dict(sorted(schemas.items()))
            document["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"bearer": []}]
            for path, operations in document["paths"].items():
                if path.startswith(FOR_EVERYBODY):
                    for operation in operations.values():
                        operation["security"] = []
            self.openapi_schema = document
        return self.openapi_schema


def create_app(platform: Platform | None = None) -> FastAPI:
    """The application that serves a platform; without one it can only be described."""
    app = PlatformApp(
        title="Assessment platform",
        version=str(API_VERSION),
        summary="How an assessor workstation and a platform talk.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
        separate_input_output_schemas=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.platform = platform
    problems.install(app)
    app.add_middleware(ContractVersions)
    for module in (
        account,
        revoking,
        sign_in,
        device_sign_in,
        sync,
        submissions,
        pre_assessments,
        recommendations,
        decisions,
        drafts,
        claims,
        recusals,
        escalations,
        cases,
        findings,
        audit_trail,
        similarity,
        imports,
    ):
        app.include_router(module.router, responses=PROBLEMS)
    return app


def openapi_text() -> str:
    """The description as it stands in `resources/platform-api.json`: the same from every run."""
    return json.dumps(create_app().openapi(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
