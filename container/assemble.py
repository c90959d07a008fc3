"""
Put one stage's image together, inside the build: `assemble.py STAGE ENVIRONMENT SOURCE`.

ENVIRONMENT is a virtual environment that holds every locked package, SOURCE the directory of the
package `riskmill`. What the stage never imports is left out but for its metadata, since a run's
spec names the version of every library; kernels are compiled for each processor level; and the
list of what is in the image is written beside it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

TERMINAL = ("markdown-it-py", "mdurl", "pygments", "rich")
COMPILER = ("llvmlite", "numba")
FORMS = ("typst", "xlsxwriter")
LEFT_OUT: Mapping[str, tuple[str, ...]] = {
    "data-ingestion": (*TERMINAL, *COMPILER, *FORMS),
    "risk-calculation": (*TERMINAL, *FORMS),
    "report-generation": (*TERMINAL, *COMPILER),
}
"""Stage to the packages whose code it has no use for."""
UNUSED = (
    "*/tests", "*/*/tests", "pyarrow/include", "pyarrow/src", "pyarrow/libarrow_flight*",
    "pyarrow/libarrow_python_flight*", "pyarrow/_flight*", "pyarrow/libarrow_s3*", "pyarrow/_s3fs*",
    "pyarrow/_pyarrow_cpp_tests*",
)  # fmt: skip
"""Parts of packages that nothing imports: their own tests, headers, network protocols."""
CALLED = ("sqs", "stepfunctions")
"""Services whose descriptions the AWS client keeps; S3 is spoken to without it."""
LEVELS = ("x86-64-v2", "x86-64-v3", "x86-64-v4")
EPOCH = 1_546_214_400
"""2018-12-31, in whole seconds: layers keep no finer times, and a kernel knows its source's."""


def main(stage: str, environment: Path, source: Path) -> None:
    """Assemble the environment of *stage*."""
    (packages,) = environment.glob("lib/python*/site-packages")
    shutil.copytree(
        source,
        packages / "riskmill",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for found in distributions(path=[str(packages)]):
        if found.name.lower() in LEFT_OUT[stage]:
            leave_out(found)
    for path in [path for pattern in UNUSED for path in packages.glob(pattern)]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    leave_out_services(packages / "botocore" / "data")
    launcher = environment / "bin" / "riskmill"
    launcher.write_text(
        f"#!{environment}/bin/python\nfrom riskmill.cli.main import main\n\nmain()\n", "ascii"
    )
    launcher.chmod(0o755)
    python = environment / "bin" / "python"
    for path in packages.rglob("*.py"):
        os.utime(path, (EPOCH, EPOCH))
    subprocess.run([python, "-m", "compileall", "-q", "-j", "0", packages], check=True)
    if stage == "risk-calculation":
        for level in LEVELS:
            bake = Path(__file__).with_name("bake_kernels.py")
            subprocess.run([python, bake, environment / "kernels", level], check=True)
    (environment / "sbom.cdx.json").write_text(
        json.dumps(bill_of_materials(stage, packages), indent=1) + "\n", "utf-8"
    )


def leave_out(package: Distribution) -> None:
    """Remove the code of a package, and keep its metadata."""
    for file in package.files or ():
        path = Path(str(package.locate_file(file)))
        if ".dist-info" not in str(file) and path.is_file():
            path.unlink()
    tops = {file.parts[0] for file in package.files or () if len(file.parts) > 1}
    for top in tops:
        directory = Path(str(package.locate_file(top)))
        if not top.endswith(".dist-info") and not top.startswith(".") and directory.is_dir():
            shutil.rmtree(directory)


def leave_out_services(data: Path) -> None:
    """Remove the descriptions of services that no worker calls."""
    for directory in data.iterdir():
        if directory.is_dir() and directory.name not in CALLED:
            shutil.rmtree(directory)


def bill_of_materials(stage: str, packages: Path) -> Mapping[str, object]:
    """List the image's packages as CycloneDX: Python's that have code in it, and Debian's."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "container", "name": f"riskmill/{stage}"}},
        "components": sorted(
            (*python_packages(stage, packages), *debian_packages(Path("/var/lib/dpkg/status"))),
            key=lambda component: (component["purl"], component["name"]),
        ),
    }


def python_packages(stage: str, packages: Path) -> Iterator[dict[str, str]]:
    """Give the Python packages of a stage; what was left out is none."""
    for found in distributions(path=[str(packages)]):
        if found.name.lower() not in LEFT_OUT[stage]:
            name = found.name.lower().replace("_", "-")
            yield component(name, found.version, f"pkg:pypi/{name}@{found.version}")


def debian_packages(status: Path) -> Iterator[dict[str, str]]:
    """Give what the package manager of the base says is installed."""
    text = status.read_text("utf-8") if status.exists() else ""
    for entry in text.split("\n\n"):
        said = dict(line.split(": ", 1) for line in entry.splitlines() if ": " in line)
        if said.get("Status") == "install ok installed":
            name, version = said["Package"], said["Version"]
            yield component(name, version, f"pkg:deb/debian/{name}@{version}")


def component(name: str, version: str, purl: str) -> dict[str, str]:
    """Word one package."""
    return {"type": "library", "name": name, "version": version, "purl": purl}


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
