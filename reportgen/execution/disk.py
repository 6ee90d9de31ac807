"""Writing so that a crash leaves the old file or the new one, and never half of one."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

import numpy as np

from reportgen.errors import InputError
from reportgen.project import STORE_VARIABLE, disk_problem
from reportgen.records import Array


@contextmanager
def worded_disk_errors(where: str) -> Iterator[None]:
    """Turn a full or a forbidden disk into a problem; other errors pass as they are.

    Args:
        where: the file that is written, as messages name it.

    Raises:
        InputError: no room, or no right to write.
    """
    try:
        yield
    except OSError as error:
        elsewhere = f"let {STORE_VARIABLE} name a folder on another disk"
        problem = disk_problem(error, where, otherwise=elsewhere)
        if problem is None:
            raise
        raise InputError(problem) from error


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file under a temporary name, flush it to the disk, and rename it.

    Args:
        path: the file; its folder is made where there is none.
        write: writes the content into an open file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write_synced(temporary, write)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_synced(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_arrays(file: BinaryIO, arrays: Mapping[str, Array]) -> None:
    """Write an .npz, sorted by name; equal arrays give equal bytes on any machine.

    Nothing is compressed: two versions of zlib may pack the same bytes differently.
    """
    with ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            member = ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 3  # the same on every platform
            data = np.ascontiguousarray(arrays[name])
            little = data.astype(data.dtype.newbyteorder("<"), copy=False)
            content = io.BytesIO()
            np.lib.format.write_array(content, little, allow_pickle=False)
            # Written whole, since releases of Python stamp streamed members otherwise.
            archive.writestr(member, content.getvalue())


def read_arrays(path: Path) -> dict[str, Array]:
    """Read an .npz whole.

    Raises:
        ValueError: the file is damaged.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, EOFError, KeyError) as error:
        raise ValueError(f"{path.name} is damaged ({error})") from error


class ArraysOnDisk(Mapping[str, Array]):
    """Arrays by digest that are read from their .npz when asked for, and not kept."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        """Name the file that holds each array."""
        self._files = files

    def __getitem__(self, digest: str) -> Array:
        with np.load(self._files[digest], allow_pickle=False) as archive:
            array: Array = archive[digest]
        return array

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)
