"""Bundles: equal runs leave equal bytes, whichever machine of a class made them."""

from collections.abc import Callable
from zipfile import ZipFile

from reportgen.execution.bundle import PYTHON_VERSION, read_bundle, write_bundle
from reportgen.execution.summary import RunSummary
from reportgen.project import Project
from reportgen.records import BundledRun
from reportgen.spec.model import StudySpec

Make = Callable[..., StudySpec]
Train = Callable[..., RunSummary]


def bytes_of(place: Project) -> tuple[bytes, bytes]:
    return place.records("tiny").read_bytes(), place.predictions("tiny").read_bytes()


def under_python(one: BundledRun, version: str) -> BundledRun:
    capture = tuple(
        row.model_copy(update={"value": version}) if row.path == PYTHON_VERSION else row
        for row in one.record.capture
    )
    record = one.record.model_copy(update={"capture": capture})
    return one.model_copy(update={"record": record})


def test_a_patch_release_of_python_leaves_no_trace(
    place: Project, make_study: Make, train: Train
) -> None:
    train(place, make_study())
    before = bytes_of(place)
    found = read_bundle(place, "tiny")
    shown = {
        row.value
        for one in found.runs
        for row in one.record.capture
        if row.path == PYTHON_VERSION
    }
    assert len(shown) == 1
    assert str(shown.pop()).count(".") == 1
    for version in ("3.11.2", "3.11.99"):
        runs = [under_python(one, version) for one in found.runs]
        write_bundle(place, "tiny", runs, found.arrays)
        assert bytes_of(place) == before


def test_arrays_are_stamped_alike_by_every_release(
    place: Project, make_study: Make, train: Train
) -> None:
    train(place, make_study())
    with ZipFile(place.predictions("tiny")) as archive:
        members = archive.infolist()
    assert members
    assert {one.extract_version for one in members} == {20}
    assert {one.date_time for one in members} == {(1980, 1, 1, 0, 0, 0)}
