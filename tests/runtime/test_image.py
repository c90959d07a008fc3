"""The image that a run's code is in: told by the environment, part of the run and of its audit."""

import pytest

from riskmill.domain import UsageError
from riskmill.runtime.settings import read_settings
from riskmill.runtime.wiring import compute_path

DIGEST = f"sha256:{'0f' * 32}"


def test_an_image_that_is_told_is_part_of_the_compute_path() -> None:
    plain = compute_path(read_settings({}))
    told = compute_path(read_settings({"RISKMILL_IMAGE_DIGEST": DIGEST}))
    assert told == f"{plain}/image-{DIGEST}"


@pytest.mark.parametrize("told", ["latest", "sha256:0F", DIGEST + "0", f"{DIGEST}\n", "<script>"])
def test_what_is_no_digest_is_refused(told: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_settings({"RISKMILL_IMAGE_DIGEST": told})
    assert refused.value.code == "E560"
