"""conda-package-streaming makes .conda packages and takes them apart."""

import bz2
import io
import tarfile
import tempfile
import zipfile
from pathlib import Path

from conda_package_streaming.create import conda_builder
from conda_package_streaming.extract import extract_stream
from conda_package_streaming.package_streaming import stream_conda_component, stream_conda_info
from conda_package_streaming.transmute import transmute

import samples
import zstandard
from programs.table import gather, reads, writes

NAME = "pack-1.0-0"
MEMBERS = {
    "info/index.json": b'{"name": "pack"}',
    "info/paths.json": samples.text(20_000),
    "lib/library.so": samples.noise(300_000),
    "share/empty": b"",
    "share/text": samples.text(700_000),
}


def fill(archive: tarfile.TarFile) -> None:
    for name, data in MEMBERS.items():
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))


def built(**options: object) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        with conda_builder(NAME, folder, **options) as archive:
            fill(archive)
        return Path(folder, f"{NAME}.conda").read_bytes()


@writes
def package() -> bytes:
    return built()


@writes
def package_with_parameters() -> bytes:
    def compressor() -> zstandard.ZstdCompressor:
        parameters = zstandard.ZstdCompressionParameters.from_level(9, window_log=22, threads=2)
        return zstandard.ZstdCompressor(compression_params=parameters)

    return built(compressor=compressor)


@writes
def package_transmuted() -> bytes:
    """From the older form, a .tar.bz2."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, f"{NAME}.tar.bz2")
        with bz2.open(source, "wb") as file, tarfile.open(fileobj=file, mode="w") as archive:
            fill(archive)
        transmute(str(source), folder)
        return Path(folder, f"{NAME}.conda").read_bytes()


@writes
def package_cut_short() -> bytes:
    """A sound zip file, in which one archive is not whole."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package())) as old, zipfile.ZipFile(changed, "w") as new:
        for member in old.infolist():
            data = old.read(member)
            new.writestr(member, data[:-50_000] if member.filename.startswith("pkg-") else data)
    return changed.getvalue()


PACKAGES = (package, package_with_parameters, package_transmuted)


def component(data: bytes, which: str) -> object:
    """Return the members of a component, by streaming."""
    members = stream_conda_component(f"{NAME}.conda", io.BytesIO(data), which)
    # The tar format ends with zeros, which may be cut off: what counts is in the members.
    return gather(
        member.name.encode() + (archive.extractfile(member).read() if member.isreg() else b"")
        for archive, member in members
    )


@reads(*PACKAGES, package_cut_short)
def stream_pkg(data: bytes) -> object:
    return component(data, "pkg")


@reads(*PACKAGES)
def stream_info(data: bytes) -> object:
    return [
        [member.name, archive.extractfile(member).read()]
        for archive, member in stream_conda_info(f"{NAME}.conda", io.BytesIO(data))
    ]


@reads(*PACKAGES, package_cut_short)
def extract(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        for which in ("info", "pkg"):
            members = stream_conda_component(f"{NAME}.conda", io.BytesIO(data), which)
            extract_stream(members, folder)
        return {
            str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(Path(folder).rglob("*"))
            if path.is_file()
        }
