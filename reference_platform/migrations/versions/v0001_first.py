"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("login", sa.String(length=100), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("tz", sa.Text(), nullable=False),
        sa.Column("employer_digest", sa.String(length=64), nullable=True),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("private_name", sa.Text(), nullable=False),
        sa.Column("private_email", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("submission_id", sa.String(length=100), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index(op.f("ix_audit_entry_submission_id"), "audit_entry", ["submission_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_document")),
    )
    op.create_table(
        "feed_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_counter")),
    )
    op.create_table(
        "learner",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("employer_digest", sa.String(length=64), nullable=True),
        sa.Column("private_name", sa.Text(), nullable=False),
        sa.Column("private_email", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner")),
    )
    op.create_table(
        "rubric_version",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_rubric_version")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "authorization_code",
        sa.Column("code_sha256", sa.String(length=64), nullable=False),
        sa.Column("family_id", sa.String(length=100), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("code_challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.actor_id"], name=op.f("fk_authorization_code_actor_id")
        ),
        sa.PrimaryKeyConstraint("code_sha256", name=op.f("pk_authorization_code")),
    )
    op.create_table(
        "feed",
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=100), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.actor_id"], name=op.f("fk_feed_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", "type", "record_id", name=op.f("pk_feed")),
    )
    op.create_index("ix_feed_actor_id_seq", "feed", ["actor_id", "seq"], unique=False)
    op.create_table(
        "stored_answer",
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.actor_id"], name=op.f("fk_stored_answer_actor_id")),
        sa.PrimaryKeyConstraint("actor_id", "key", name=op.f("pk_stored_answer")),
    )
    op.create_index(op.f("ix_stored_answer_created_at"), "stored_answer", ["created_at"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("learner_id", sa.String(length=100), nullable=False),
        sa.Column("microcredential_id", sa.String(length=100), nullable=False),
        sa.Column("rubric_id", sa.String(length=100), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "submitted",
                "in_pre_assessment",
                "incomplete",
                "waiting_on_assessor",
                "waiting_on_approver",
                "returned",
                "awarded",
                "denied",
                "withdrawn",
                name="submissionstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("return_note", sa.JSON(), nullable=True),
        sa.Column("numbers_hidden", sa.Boolean(), nullable=False),
        sa.Column("evidence_digest", sa.String(length=64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_submission_learner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_learner_id"), "submission", ["learner_id"], unique=False)
    op.create_index(
        op.f("ix_submission_microcredential_id"), "submission", ["microcredential_id"], unique=False
    )
    op.create_table(
        "token",
        sa.Column("access_sha256", sa.String(length=64), nullable=False),
        sa.Column("refresh_sha256", sa.String(length=64), nullable=False),
        sa.Column("family_id", sa.String(length=100), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("access_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refresh_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["actor_id"], ["account.actor_id"], name=op.f("fk_token_actor_id")),
        sa.PrimaryKeyConstraint("access_sha256", name=op.f("pk_token")),
        sa.UniqueConstraint("refresh_sha256", name=op.f("uq_token_refresh_sha256")),
    )
    op.create_index(op.f("ix_token_family_id"), "token", ["family_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("submission_id", sa.String(length=100), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column(
            "role",
            sa.Enum("preassessor", "assessor", "approver", "lead", name="role", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.actor_id"], name=op.f("fk_assignment_actor_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_assignment_submission_id")
        ),
        sa.PrimaryKeyConstraint("submission_id", "actor_id", "role", name=op.f("pk_assignment")),
    )
    op.create_index("ix_assignment_actor_id", "assignment", ["actor_id"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("submission_id", sa.String(length=100), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.actor_id"], name=op.f("fk_decision_actor_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_decision_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("submission_id", "round", name=op.f("uq_decision_submission_id_round")),
    )
    op.create_table(
        "evidence_file",
        sa.Column("artifact_id", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("submission_id", sa.String(length=100), nullable=False),
        sa.Column("is_rendition", sa.Boolean(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_evidence_file_submission_id")
        ),
        sa.PrimaryKeyConstraint("artifact_id", "sha256", name=op.f("pk_evidence_file")),
    )
    op.create_table(
        "recommendation",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("submission_id", sa.String(length=100), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.String(length=100), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.actor_id"], name=op.f("fk_recommendation_actor_id")),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_recommendation_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("submission_id", "round", name=op.f("uq_recommendation_submission_id_round")),
    )


def downgrade() -> None:
    op.drop_table("recommendation")
    op.drop_table("evidence_file")
    op.drop_table("decision")
    op.drop_index("ix_assignment_actor_id", table_name="assignment")
    op.drop_table("assignment")
    op.drop_index(op.f("ix_token_family_id"), table_name="token")
    op.drop_table("token")
    op.drop_index(op.f("ix_submission_microcredential_id"), table_name="submission")
    op.drop_index(op.f("ix_submission_learner_id"), table_name="submission")
    op.drop_table("submission")
    op.drop_index(op.f("ix_stored_answer_created_at"), table_name="stored_answer")
    op.drop_table("stored_answer")
    op.drop_index("ix_feed_actor_id_seq", table_name="feed")
    op.drop_table("feed")
    op.drop_table("authorization_code")
    op.drop_table("setting")
    op.drop_table("rubric_version")
    op.drop_table("learner")
    op.drop_table("feed_counter")
    op.drop_table("document")
    op.drop_index(op.f("ix_audit_entry_submission_id"), table_name="audit_entry")
    op.drop_table("audit_entry")
    op.drop_table("account")
