"""What may be done to runs, records, ledger and spec, and who must see it."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reportgen.ledger.entries import ENTRY, entry_line, first_link, seal, utc_text
from reportgen.project import Project
from reportgen.records import BundledRun, canonical_json, digest_result
from tests.studies import SETTINGS

Json = dict[str, Any]
Lines = list[str]
Damage = Callable[[Project], object]
TINY = {**SETTINGS, "seeds": 3, "study": "tiny"}


def git(project: Project, *words: str) -> None:
    program = shutil.which("git")
    assert program is not None
    people = {
        f"GIT_{who}_{what}": "a@b"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    subprocess.run(  # noqa: S603 - our own words
        [program, "-C", str(project.root), *words],
        check=True,
        capture_output=True,
        env={**os.environ, **people},
    )


def rewrite(path: Path, change: Callable[[Lines], Lines]) -> None:
    path.write_text("".join(change(path.read_text().splitlines(keepends=True))))


def ledger(change: Callable[[Lines], Lines]) -> Damage:
    """Change the lines of the ledger, and nothing besides."""
    return lambda project: rewrite(project.ledger("tiny"), change)


def bundle(change: Callable[[Lines], Lines]) -> Damage:
    """Change the lines of the records, and nothing besides."""
    return lambda project: rewrite(project.records("tiny"), change)


def record(change: Callable[[Json], Json]) -> Damage:
    """Change the record of wide under seed 2, and its digest of the result with it."""

    def fit(line: str) -> str:
        one = json.loads(line)
        if (one["variant"], one["seed"]) == ("wide", 2):
            one = change(one)
            changed = BundledRun.model_validate_json(json.dumps(one)).record
            one["record"]["result"] = digest_result(changed)
        return canonical_json(one) + "\n"

    return bundle(lambda lines: [fit(line) for line in lines])


def forged(change: Callable[[Json], Json]) -> Damage:
    """Change entries, write the whole chain anew, and commit as if nothing were."""

    def chain(lines: Lines) -> Lines:
        written, prev = [], first_link("tiny")
        for line in lines:
            data = change(json.loads(line)) | {"prev": prev}
            entry = seal(ENTRY.validate_json(json.dumps(data)))
            written.append(entry_line(entry))
            prev = entry.hash
        return written

    return one_by_one(ledger(chain), commit)


def one_by_one(*damages: Damage) -> Damage:
    def do(project: Project) -> None:
        for damage in damages:
            damage(project)

    return do


def commit(project: Project) -> None:
    git(project, "commit", "-q", "-a", "--allow-empty", "-m", "As if nothing were")


def delete_ledger(project: Project) -> None:
    project.ledger("tiny").unlink()


def delete_all_traces(project: Project) -> None:
    shutil.rmtree(project.ledger("tiny").parent)
    shutil.rmtree(project.store)


def copy_record(project: Project, **weights: str) -> None:
    """Seed 0's record in place of seed 2's, with seed and digests made to fit."""
    told = map(json.loads, project.records("tiny").read_text().splitlines())
    source = next(one for one in told if (one["variant"], one["seed"]) == ("wide", 0))

    def replace(one: Json) -> Json:
        taken = json.loads(json.dumps(source["record"]))
        taken["config"]["seed"] = 2
        taken |= {"run": one["record"]["run"], "key": one["record"]["key"]}
        for checkpoint in taken["checkpoints"].values():
            checkpoint |= weights
        return {**one, "record": taken}

    record(replace)(project)


def copy_answers(project: Project) -> None:
    """The same, with another digest of the weights."""
    copy_record(project, weights="0" * 64)


def copy_record_and_forge(project: Project) -> None:
    """The same, and the ledger's ends forged to hold what the record says."""
    copy_record(project)
    told = map(json.loads, project.records("tiny").read_text().splitlines())
    results = {one["record"]["run"]: one["record"]["result"] for one in told}

    def fit(one: Json) -> Json:
        if one["kind"] != "end":
            return one
        del one["description"]
        return {**one, "result": results[one["run"]]}

    forged(fit)(project)


def better_result(one: Json) -> Json:
    one["record"]["checkpoints"]["best"]["metrics"]["test.accuracy"] = 1.0
    return one


def edit_capture(one: Json) -> Json:
    one["record"]["capture"][0]["value"] = "nothing"
    return one


def edit_prediction(project: Project) -> None:
    content = bytearray(project.predictions("tiny").read_bytes())
    content[len(content) // 2] ^= 1
    project.predictions("tiny").write_bytes(content)


def take_the_ledger_of_another_study(project: Project) -> None:
    text = project.spec("tiny").read_text().replace('"tiny"', '"other"')
    project.spec("other").write_text(text)
    shutil.copytree(project.ledger("tiny").parent, project.ledger("other").parent)
    project.spec("tiny").unlink()


def write_by_a_newer_version(project: Project) -> None:
    (project.store / "format.json").write_text('{"format":2}\n')


def edit_stored_record(project: Project) -> None:
    path = next(project.store.glob("*/record.json"))
    path.write_text(path.read_text().replace('"completed"', '"failed"'))


def lower_the_bar(project: Project) -> None:
    path = project.spec("tiny")
    path.write_text(path.read_text().replace('"margin": 0.1', '"margin": 0.01'))


def copy_stored_record(project: Project) -> None:
    """One run's folder in the store in place of another's."""
    source, target, *_ = sorted(project.store.glob("*/record.json"))
    shutil.rmtree(target.parent)
    shutil.copytree(source.parent, target.parent)


def name_a_seed_twice(project: Project) -> None:
    project.spec("tiny").write_text(json.dumps({**TINY, "seeds": [0, 1, 1]}))


PAST = "2020-01-01T00:00:00Z"
TOMORROW = utc_text(datetime.now(UTC) + timedelta(days=1))
EVERY = "ledger run analyse render"  # commands
TOLD = "analyse render"
DAMAGES: dict[str, tuple[Damage, str, str]] = {
    # What is done, the commands that must see it, and words they say.
    "deleted ledger": (delete_ledger, EVERY, "and here is none: it was deleted"),
    "deleted ledger, committed": (
        one_by_one(delete_ledger, commit),
        "ledger run",
        "6 of 6 runs with a record are not in the ledger: it was deleted",
    ),
    "deleted everything": (
        delete_all_traces,
        "ledger run render",
        "it was deleted",
    ),
    "deleted line": (
        ledger(lambda lines: [*lines[:3], *lines[4:]]),
        EVERY,
        "entry 4 should stand above this line",
    ),
    "edited line": (
        ledger(lambda lines: [line.replace('"seed":2', '"seed":3') for line in lines]),
        EVERY,
        "this entry was edited after it was written",
    ),
    "cut last lines": (
        ledger(lambda lines: lines[:-2]),
        EVERY,
        "it was cut, or written anew",
    ),
    "cut and committed": (
        one_by_one(ledger(lambda lines: lines[:-2]), commit),
        "analyse",
        "started and never ended",
    ),
    "cut and committed, page": (
        one_by_one(ledger(lambda lines: lines[:-2]), commit),
        "render",
        "these results are of another state of the ledger",
    ),
    "forged chain": (
        forged(lambda one: one | {"result": "0"} if one["kind"] == "end" else one),
        "analyse",
        "whose result the ledger does not hold",
    ),
    "start in the future": (
        forged(lambda one: {**one, "time": TOMORROW}),
        EVERY,
        "lies in the future",
    ),
    "clock set back": (
        forged(lambda one: {**one, "time": PAST if one["n"] == 4 else one["time"]}),
        EVERY,
        "a clock was set back",
    ),
    "deleted record": (bundle(lambda lines: lines[1:]), TOLD, "has no record"),
    "doubled record": (
        bundle(lambda lines: [*lines, lines[0]]),
        TOLD,
        "there are two records of",
    ),
    "copied record": (copy_record, TOLD, "the very weights of"),
    "copied answers": (copy_answers, TOLD, "the very answers of"),
    "copied and forged": (copy_record_and_forge, "analyse", "the very weights of"),
    "edited result": (
        record(better_result),
        TOLD,
        "whose result the ledger does not hold",
    ),
    "edited capture": (
        record(edit_capture),
        TOLD,
        "was edited: its capture, data, code, checks or failure",
    ),
    "edited prediction": (edit_prediction, "analyse", "predictions.npz"),
    "edited store": (edit_stored_record, "run", "does not fit its digest"),
    "copied in the store": (
        copy_stored_record,
        "run",
        "this is the record of another run",
    ),
    "duplicated seed": (name_a_seed_twice, "run analyse render", "seeds"),
    "changed claim": (
        lower_the_bar,
        "render",
        "these results are of other claims than the spec's",
    ),
    "newer records": (
        bundle(
            lambda lines: [lines[0].replace('"format":1', '"format":2'), *lines[1:]]
        ),
        "run analyse render",
        "written by a newer format (2; this version reads 1)",
    ),
    "newer store": (write_by_a_newer_version, "run", "written by a newer format"),
}
