"""What files of a resubmission have in common with earlier ones, from the words that are kept of both."""

from __future__ import annotations

from collections.abc import Mapping

from assessor_app.cache import evidence, text_pages
from assessor_app.domain.earlier import likeness_wanted
from assessor_app.domain.ids import ArtifactId
from assessor_app.domain.likeness import likeness, sketch_of
from assessor_app.domain.submissions import Submission
from assessor_app.services.context import Context

_MOST_PAGES = 100


def likenesses(context: Context, submission: Submission) -> Mapping[tuple[str, str], float]:
    """From 0 to 1, by the ids of the present and the earlier file; only where it takes that to pair them.

    Files whose words nobody has read yet are left out.

    Raises:
        StoreError: the store cannot be read.
    """
    wanted = likeness_wanted(submission)
    if not wanted:
        return {}
    sketches: dict[ArtifactId, frozenset[int]] = {}
    needed = {artifact.id for pair in wanted for artifact in pair}
    with context.store.read() as txn:
        for file in evidence.files(txn, submission.id):
            if file.artifact_id in needed:
                sketch = sketch_of(text_pages.first_texts(txn, file.blob_id, _MOST_PAGES))
                if sketch:
                    sketches[file.artifact_id] = sketch
    return {
        (new.id, old.id): likeness(sketches[new.id], sketches[old.id])
        for new, old in wanted
        if new.id in sketches and old.id in sketches
    }
