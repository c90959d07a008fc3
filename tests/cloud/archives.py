"""Small OCI archives, as builders write them, to be pushed."""

import hashlib
import io
import json
import tarfile
from pathlib import Path

OCI = "application/vnd.oci.image"


def archive(
    path: Path, content: bytes, *, architecture: str = "amd64", damaged: bool = False
) -> str:
    """Write an image with one layer of *content*, and return the digest of its manifest."""
    blobs: dict[str, bytes] = {}

    def stored(data: bytes) -> dict[str, object]:
        digest = hashlib.sha256(data).hexdigest()
        blobs[digest] = data
        return {"digest": f"sha256:{digest}", "size": len(data)}

    layer = stored(content)
    config = stored(json.dumps({"os": "linux", "architecture": architecture}).encode())
    manifest = stored(
        json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": f"{OCI}.manifest.v1+json",
                "config": {**config, "mediaType": f"{OCI}.config.v1+json"},
                "layers": [{**layer, "mediaType": f"{OCI}.layer.v1.tar"}],
            }
        ).encode()
    )
    described = {**manifest, "mediaType": f"{OCI}.manifest.v1+json"}
    index = json.dumps({"schemaVersion": 2, "manifests": [described]}).encode()
    if damaged:
        blobs[str(layer["digest"]).partition(":")[2]] = b"other bytes"
    with tarfile.open(path, "w") as written:
        for name, data in [
            ("oci-layout", b'{"imageLayoutVersion": "1.0.0"}'),
            ("index.json", index),
            *((f"blobs/sha256/{digest}", data) for digest, data in blobs.items()),
        ]:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            written.addfile(member, io.BytesIO(data))
    return str(manifest["digest"])


def archives(directory: Path, content: bytes = b"first") -> dict[str, str]:
    """Write an archive for each stage, and return the digests by stage."""
    directory.mkdir(exist_ok=True)
    return {
        stage: archive(directory / f"{stage}.tar", content + stage.encode())
        for stage in ("data-ingestion", "risk-calculation", "report-generation")
    }
