"""Bundles: equal runs leave equal bytes, whichever machine of a class made them."""

import platform
from collections.abc import Callable
from zipfile import ZipFile

from reportgen.execution.bundle import read_bundle
from reportgen.execution.summary import RunSummary
from reportgen.project import Project
from reportgen.spec.model import StudySpec

Make = Callable[..., StudySpec]
Train = Callable[..., RunSummary]


def bytes_of(place: Project) -> tuple[bytes, bytes]:
    return place.records("tiny").read_bytes(), place.predictions("tiny").read_bytes()


def test_a_patch_release_of_python_leaves_no_trace(
    place: Project, make_study: Make, train: Train
) -> None:
    train(place, make_study())
    release = platform.python_version()
    shown = {
        row.value
        for one in read_bundle(place, "tiny").runs
        for row in one.record.capture
        if row.path == "versions.python"
    }
    assert shown == {release.rpartition(".")[0]}
    assert release.encode() not in place.records("tiny").read_bytes()


def test_arrays_are_stamped_alike_by_every_release(
    place: Project, make_study: Make, train: Train
) -> None:
    train(place, make_study())
    with ZipFile(place.predictions("tiny")) as archive:
        members = archive.infolist()
    assert members
    assert {one.extract_version for one in members} == {20}
    assert {one.date_time for one in members} == {(1980, 1, 1, 0, 0, 0)}
