"""A refusal as it is answered: `reject.json` for machines, and a page that says the same."""

from collections.abc import Mapping, Sequence

from riskmill.domain import Failure
from riskmill.pipeline.answers import REJECT, Reject, encode_answer, put_answer
from riskmill.pipeline.layout import quarantine_key
from riskmill.pipeline.ports import ObjectStore
from riskmill.pipeline.run_spec import RunSpec
from riskmill.reporting import CheckedFile, RefusedBatch, refusal_notice, render_refusal_html

REJECT_PAGE = "reject.html"


def refusal_files(
    spec: RunSpec, answer: Reject, failures: Sequence[Failure]
) -> Mapping[str, bytes]:
    """Key to bytes of both; *failures* are all that was found wrong before the refusal."""
    return {
        quarantine_key(spec, REJECT): encode_answer(answer),
        quarantine_key(spec, REJECT_PAGE): _page(spec, answer, failures),
    }


def put_refusal(store: ObjectStore, files: Mapping[str, bytes]) -> None:
    """Store both, beside those of earlier refusals of the same run for other reasons."""
    for key, data in files.items():
        put_answer(store, key, data)


def is_refusal(key: str) -> bool:
    """Whether *key* is that of a first answer, which a later one may stand beside."""
    return key.rpartition("/")[2] in (REJECT, REJECT_PAGE)


def _page(spec: RunSpec, answer: Reject, failures: Sequence[Failure]) -> bytes:
    refused = RefusedBatch(
        batch_id=answer.batch_id,
        run_id=answer.run_id,
        business_date=spec.batch.business_date,
        code=answer.code,
        message=answer.message,
        place=answer.place,
        remedy=answer.remedy,
        also=answer.also,
        files=tuple(
            CheckedFile(
                name=file.name, dataset=file.dataset, rows=file.rows, rejected=file.rejected
            )
            for file in answer.files
        ),
        failures=failures,
        notes=answer.notes,
    )
    return render_refusal_html(refusal_notice(refused))
