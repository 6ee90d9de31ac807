"""The store keeps finished runs whole, or not at all, and trusts nothing it reads."""

import json
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from reportgen.errors import InputError
from reportgen.execution.bundle import read_bundle, write_bundle
from reportgen.execution.disk import read_arrays, write_arrays
from reportgen.execution.store import Store, Timing, open_store
from reportgen.execution.study import preview
from reportgen.project import Project
from reportgen.records import Array, BundledRun, RunRecord, digest_array, digest_result
from tests.studies import Make


@pytest.fixture
def kept(finished: Project) -> tuple[Store, RunRecord, dict[str, Array]]:
    """A store with four runs, and one of them."""
    store = open_store(finished)
    key = sorted(path.parent.name for path in store.root.glob("*/record.json"))[0]
    return store, *store.read(key)


Kept = tuple[Store, RunRecord, dict[str, Array]]


def test_what_is_kept_comes_back(kept: Kept) -> None:
    store, record, arrays = kept
    assert store.read(record.key)[0] == record
    assert set(arrays) == set(record.arrays.values())
    timing = store.timing(record.key)
    assert timing is not None
    assert timing.wall_seconds > 0
    assert "epoch 2/2" in (store.root / record.key / "log.txt").read_text()
    shutil.rmtree(store.root / record.key)
    assert not store.has(record.key)
    store.keep(record, arrays)
    again, same = store.read(record.key)
    assert again == record
    assert all(np.array_equal(same[name], arrays[name]) for name in arrays)
    assert store.timing(record.key) is None


def test_keeping_twice_keeps_once(kept: Kept) -> None:
    store, record, arrays = kept
    timing = store.timing(record.key)
    store.keep(record, arrays, timing=Timing(wall_seconds=1, cpu_seconds=1, peak_mib=1))
    assert store.timing(record.key) == timing
    assert list((store.root / "partial").iterdir()) == []


def test_one_key_cannot_hold_two_results(kept: Kept) -> None:
    store, record, arrays = kept
    other = record.model_copy(update={"curves": {}})
    other = other.model_copy(update={"result": digest_result(other)})
    with pytest.raises(InputError, match="one key, two results"):
        store.keep(other, arrays)
    assert store.read(record.key)[0] == record


def test_damage_is_told_by_file(kept: Kept) -> None:
    store, record, _ = kept
    folder = store.root / record.key
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}

    def reading() -> str:
        with pytest.raises(InputError) as caught:
            store.read(record.key)
        for name, content in whole.items():
            (folder / name).write_bytes(content)
        return str(caught.value)

    (folder / "arrays.npz").unlink()
    assert f".reportgen/store/{record.key}: arrays.npz is missing" in reading()
    (folder / "arrays.npz").write_bytes(whole["arrays.npz"][:-200])
    assert "arrays.npz is damaged" in reading()
    flipped = bytearray(whole["arrays.npz"])
    flipped[300] ^= 1
    (folder / "arrays.npz").write_bytes(flipped)
    assert "damaged" in reading()
    (folder / "record.json").write_bytes(whole["record.json"].replace(b"0.", b"1.", 1))
    assert "the record was edited: it does not fit record.sha256" in reading()
    (folder / "record.json").write_bytes(whole["record.json"][:-9])
    assert "the record is no JSON" in reading()
    newer = whole["record.json"].replace(b'"format":1', b'"format":2')
    (folder / "record.json").write_bytes(newer)
    assert "newer format (2; this version reads 1)" in reading()


def test_an_array_of_other_bytes_is_seen(kept: Kept) -> None:
    store, record, arrays = kept
    name = record.arrays["labels/test"]
    arrays[name] = 1 - arrays[name]
    with (store.root / record.key / "arrays.npz").open("wb") as file:
        write_arrays(file, arrays)
    with pytest.raises(InputError, match="the array labels/test was changed"):
        store.read(record.key)


def test_a_newer_store_is_refused(finished: Project, make_study: Make) -> None:
    (finished.store / "format.json").write_text('{"format":2}')
    with pytest.raises(InputError, match="store written by a newer format") as caught:
        open_store(finished)
    assert "update reportgen" in str(caught.value)
    with pytest.raises(InputError, match="newer format \\(2; this version reads 1"):
        preview(finished, make_study())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond this many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_no_room_leaves_no_half_of_a_run(kept: Kept) -> None:
    store, record, arrays = kept
    shutil.rmtree(store.root / record.key)
    before = names(store.root)
    with (
        room(10_000),
        pytest.raises(InputError, match="there is no room left to write this") as no,
    ):
        store.keep(record, arrays)
    assert f".reportgen/store/{record.key}" in str(no.value)
    assert "REPORTGEN_STORE" in str(no.value)
    assert names(store.root) == before
    assert names(store.root / "partial") == []


def test_no_room_leaves_the_old_bundle(finished: Project) -> None:
    old = finished.records("tiny").read_bytes()
    bundle = read_bundle(finished, "tiny")
    with room(20_000), pytest.raises(InputError, match=r"runs/tiny/records\.jsonl"):
        write_bundle(finished, "tiny", bundle.runs[:2], bundle.arrays)
    assert finished.records("tiny").read_bytes() == old


def test_a_bundle_is_the_same_in_any_order(finished: Project) -> None:
    files = (finished.records("tiny"), finished.predictions("tiny"))
    before = [path.read_bytes() for path in files]
    bundle = read_bundle(finished, "tiny")
    shuffled = dict(reversed(list(bundle.arrays.items())))
    write_bundle(finished, "tiny", bundle.runs[::-1], shuffled)
    assert [path.read_bytes() for path in files] == before
    keys = [one.record.key for one in bundle.runs]
    assert keys == sorted(keys)
    assert len(read_arrays(files[1])) == len(
        {digest for one in bundle.runs for digest in one.record.arrays.values()}
    )


def test_arrays_pack_to_equal_bytes_whatever_their_memory_order(
    place: Project,
) -> None:
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    paths = [place.root / "a.npz", place.root / "b.npz"]
    for path, one in zip(paths, (array, np.asfortranarray(array)), strict=True):
        with path.open("wb") as file:
            write_arrays(file, {"x": one.astype(one.dtype.newbyteorder(">"))})
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert digest_array(read_arrays(paths[0])["x"]) == digest_array(array)


def spoil(project: Project, number: int, old: str, new: str) -> str:
    """What reading says of the bundle with one line changed."""
    lines = project.records("tiny").read_text().splitlines(keepends=True)
    assert old in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(old, new, 1)
    project.records("tiny").write_text("".join(lines))
    with pytest.raises(InputError) as caught:
        read_bundle(project, "tiny")
    return str(caught.value)


def test_bad_lines_of_a_bundle_are_told_together(finished: Project) -> None:
    spoil(finished, 1, '"completed"', '"failed"')
    spoil(finished, 2, '"status":', '"stat":')
    spoil(finished, 3, '"format":1', '"format":7')
    words = spoil(finished, 4, "{", "")
    assert "records.jsonl:1: the record was edited" in words
    assert "records.jsonl:2: this line is no record of a run (" in words
    assert "records.jsonl:3: store written by a newer format (7;" in words
    assert "records.jsonl:4: this line is no record of a run" in words
    assert "dvc checkout runs/tiny/records.jsonl" in words


def test_records_without_their_arrays_are_told(finished: Project) -> None:
    finished.predictions("tiny").unlink()
    with pytest.raises(InputError, match="no arrays beside them"):
        read_bundle(finished, "tiny")


def test_an_absent_bundle_is_empty(place: Project) -> None:
    assert read_bundle(place, "tiny").runs == ()


def test_a_bundled_line_names_its_cell(finished: Project) -> None:
    first = json.loads(finished.records("tiny").read_text().splitlines()[0])
    assert BundledRun.model_validate_json(json.dumps(first)).variant in (
        "baseline",
        "wide",
    )
