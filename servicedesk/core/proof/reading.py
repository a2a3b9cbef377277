"""A workflow file, read and proven. Whatever else is named instead is refused in one sentence."""

from pathlib import Path

from servicedesk.core.proof.check import Guarantees, guarantees
from servicedesk.core.text_file import read_text
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import parse_workflow

REMEDY = "Name a workflow: a TOML file such as those that come with the program."


def prove_file(file: Path, name: str) -> Guarantees:
    """FileFaults with everything found, each under `name`; a file that cannot be read is a finding too."""
    return guarantees(read_file(file, name))


def read_file(file: Path, name: str) -> Definition:
    """The same, only read: what it guarantees is not asked."""
    return parse_workflow(read_text(file, name, REMEDY), name)
