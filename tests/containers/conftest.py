"""The images, built wherever a builder is present; where none is, the tests say what is missing."""

import os
import shutil

import pytest

from riskmill.cloud import STAGES
from tests.containers.builder import Images, build, make_base


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Images:
    missing = [one for one in ("buildah", "podman", "runc") if not shutil.which(one)]
    if os.geteuid() != 0:
        missing.append("root")
    if missing:
        pytest.skip(f"no builder of images: {', '.join(missing)} not found")
    make_base(tmp_path_factory.mktemp("base"))
    return Images(names={stage.name: build(stage.name) for stage in STAGES})
