"""The account once more: results in, whatever changed since they were made out."""

from collections.abc import Iterator

from reportgen.analysis.audit.runs import close_account
from reportgen.analysis.findings.study import Findings
from reportgen.analysis.load import load_results
from reportgen.errors import GateError, Problem
from reportgen.ledger.entries import claims_digest
from reportgen.ledger.read import read_ledger
from reportgen.project import Project
from reportgen.spec.model import StudySpec


def require_account(project: Project, study: StudySpec, findings: Findings) -> None:
    """Check that results tell of the ledger and the claims as they are now.

    Where the records lie beside the ledger, which git does not bring along, the counts
    must close as well.

    Raises:
        InputError: ledger or records are damaged.
        GateError: the results are older than ledger or claims, or counts do not close.
    """
    problems = list(_changed(project, study, findings))
    if problems:
        raise GateError(problems)
    if project.records(study.study).exists():
        close_account(load_results(project, study))


def _changed(
    project: Project, study: StudySpec, findings: Findings
) -> Iterator[Problem]:
    where = project.show(project.results(study.study))
    fix = f"run `reportgen analyse {study.study}`"
    if read_ledger(project, study.study).head != findings.ledger.head:
        yield Problem("these results are of another state of the ledger", where, fix)
    if claims_digest(study) != findings.claims_digest:
        yield Problem("these results are of other claims than the spec's", where, fix)
