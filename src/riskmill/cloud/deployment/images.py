"""
Push images to the repositories of an environment, layer by layer, over the API of ECR alone.

What is pushed are OCI archives, as `docker buildx build --output type=oci`, `podman save --format
oci-archive` and `buildah push ... oci-archive:` write them; no daemon is asked. A layer that is
there is not sent again, so that an interrupted push goes on where it was.
"""

import hashlib
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from riskmill.cloud.deployment.account import Account
from riskmill.cloud.deployment.stacks import Tell
from riskmill.cloud.stages import DEPLOYED, STAGES
from riskmill.domain import CloudRefused, UsageError

PART = 10 * 2**20
"""Bytes of a layer that are sent at once."""
_MANIFESTS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_INDEXES = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_LARGEST_MANIFEST = 4 * 2**20


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """An image in an archive, for Linux on x86-64."""

    stage: str
    archive: Path
    digest: str
    """Of its manifest: what the workload will name."""
    media_type: str
    manifest: bytes
    layers: tuple[str, ...]
    """Digests of its configuration and layers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pushed:
    """An image that is in its repository."""

    stage: str
    image: str
    """REPOSITORY@DIGEST."""
    tag: str
    new: bool
    """Whether it was pushed now."""


def images_in(directory: Path) -> tuple[Image, ...]:
    """
    Read the archives `STAGE.tar` of a directory, one for each stage that has one.

    Raises `UsageError` (E828) where there is none, or where one is no archive of an image for
    linux/amd64 with the bytes that its digests say.
    """
    archives = [(stage.name, directory / f"{stage.name}.tar") for stage in STAGES]
    present = [(stage, path) for stage, path in archives if path.is_file()]
    if not present:
        names = ", ".join(path.name for _, path in archives)
        raise _unusable(directory, f"it holds none of {names}")
    return tuple(_read(stage, path) for stage, path in present)


def push(
    account: Account, environment: str, images: tuple[Image, ...], tell: Tell
) -> tuple[Pushed, ...]:
    """Push every image that is not there; raises `CloudRefused` (E829) without a foundation."""
    return tuple(_pushed(account, environment, image, tell) for image in images)


def _pushed(account: Account, environment: str, image: Image, tell: Tell) -> Pushed:
    name = f"{image.stage}-{environment}"
    told = account.ask(
        "ecr", "describe_repositories", absent=("RepositoryNotFoundException",),
        repositoryNames=[name],
    )  # fmt: skip
    if told is None:
        raise CloudRefused(
            "E829",
            f"there is no repository {name}",
            place=account.region,
            remedy="Deploy the foundation first: riskmill cloud deploy --only foundation",
        )
    tag = f"{DEPLOYED}{image.digest.partition(':')[2][:12]}"
    held = account.ask("ecr", "batch_get_image", repositoryName=name, imageIds=[{"imageTag": tag}])[
        "images"
    ]
    address = told["repositories"][0]["repositoryUri"]
    done = Pushed(stage=image.stage, image=f"{address}@{image.digest}", tag=tag, new=not held)
    if held:
        tell(f"{image.stage}: {image.digest} is there already")
        return done
    with _opened(image.archive) as archive:
        for digest in _absent(account, name, image):
            tell(f"{image.stage}: sending {digest}")
            _send(account, name, digest, archive)
    account.ask(
        "ecr",
        "put_image",
        absent=("ImageAlreadyExistsException",),
        repositoryName=name,
        imageManifest=image.manifest.decode("utf-8"),
        imageManifestMediaType=image.media_type,
        imageTag=tag,
        imageDigest=image.digest,
    )
    tell(f"{image.stage}: pushed {image.digest} as {tag}")
    return done


def _absent(account: Account, name: str, image: Image) -> list[str]:
    told = account.ask(
        "ecr",
        "batch_check_layer_availability",
        repositoryName=name,
        layerDigests=list(image.layers),
    )
    present = {
        one["layerDigest"] for one in told["layers"] if one["layerAvailability"] == "AVAILABLE"
    }
    return [digest for digest in image.layers if digest not in present]


def _send(account: Account, name: str, digest: str, archive: tarfile.TarFile) -> None:
    upload = account.ask("ecr", "initiate_layer_upload", repositoryName=name)["uploadId"]
    first = 0
    for part in _parts(_blob(archive, digest)):
        account.ask(
            "ecr",
            "upload_layer_part",
            repositoryName=name,
            uploadId=upload,
            partFirstByte=first,
            partLastByte=first + len(part) - 1,
            layerPartBlob=part,
        )
        first += len(part)
    account.ask(
        "ecr",
        "complete_layer_upload",
        absent=("LayerAlreadyExistsException",),
        repositoryName=name,
        uploadId=upload,
        layerDigests=[digest],
    )


def _parts(source: IO[bytes]) -> Iterator[bytes]:
    while part := source.read(PART):
        yield part


def _read(stage: str, path: Path) -> Image:
    with _opened(path) as archive:
        try:
            index = _document(archive, "index.json", path)
            descriptor = _descriptor(archive, index, path)
            raw = _blob(archive, descriptor["digest"]).read(_LARGEST_MANIFEST)
            manifest = json.loads(raw)
            named = [manifest["config"]["digest"], *(one["digest"] for one in manifest["layers"])]
            layers = tuple(dict.fromkeys(named))
            made_for = json.loads(_blob(archive, named[0]).read(_LARGEST_MANIFEST))
            wrong = [
                digest for digest in (descriptor["digest"], *layers) if not _true(archive, digest)
            ]
        except (KeyError, TypeError, ValueError, AttributeError, tarfile.TarError, OSError) as bad:
            raise _unusable(path, f"it is no OCI archive ({bad})") from bad
    if not _suits({"platform": made_for}):
        raise _unusable(path, "it is not for linux/amd64")
    if wrong:
        raise _unusable(path, f"the bytes of {wrong[0]} are others")
    return Image(
        stage=stage,
        archive=path,
        digest=descriptor["digest"],
        media_type=descriptor.get("mediaType", _MANIFESTS[0]),
        manifest=raw,
        layers=layers,
    )


def _descriptor(
    archive: tarfile.TarFile, index: Mapping[str, list[dict[str, str]]], path: Path
) -> dict[str, str]:
    """Return the descriptor of the image for linux/amd64, through an index of platforms too."""
    candidates = [one for one in index["manifests"] if _suits(one)]
    if len(candidates) != 1:
        raise _unusable(path, "it holds not just one image for linux/amd64")
    (one,) = candidates
    if one.get("mediaType") in _INDEXES:
        inner = json.loads(_blob(archive, one["digest"]).read(_LARGEST_MANIFEST))
        return _descriptor(archive, inner, path)
    return one


def _suits(descriptor: Mapping[str, object]) -> bool:
    platform = descriptor.get("platform")
    if not isinstance(platform, dict):
        return True
    return (platform.get("os"), platform.get("architecture")) == ("linux", "amd64")


def _document(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, list[dict[str, str]]]:
    source = _member(archive, name)
    found: dict[str, list[dict[str, str]]] = json.loads(source.read(_LARGEST_MANIFEST))
    return found


def _true(archive: tarfile.TarFile, digest: str) -> bool:
    found = hashlib.sha256()
    for part in _parts(_blob(archive, digest)):
        found.update(part)
    return digest == f"sha256:{found.hexdigest()}"


def _blob(archive: tarfile.TarFile, digest: str) -> IO[bytes]:
    algorithm, _, value = digest.partition(":")
    return _member(archive, f"blobs/{algorithm}/{value}")


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        member = archive.getmember(name)
    except KeyError:
        member = archive.getmember(f"./{name}")
    source = archive.extractfile(member)
    if source is None:
        raise ValueError(f"{name} is no file")
    return source


def _opened(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path)
    except (tarfile.TarError, OSError) as bad:
        raise _unusable(path, f"it cannot be read ({bad})") from bad


def _unusable(path: Path, why: str) -> UsageError:
    return UsageError(
        "E828",
        f"the images cannot be used: {why}",
        place=str(path),
        remedy="Write each with: docker buildx build --platform linux/amd64 --provenance=false "
        "--target STAGE --output type=oci,dest=DIR/STAGE.tar .",
    )
