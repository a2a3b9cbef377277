"""A workflow file, read and proven. Whatever else is named instead is refused in one sentence."""

from pathlib import Path

from servicedesk.core.errors import Fault, FileFaults
from servicedesk.core.proof.check import Guarantees, guarantees
from servicedesk.core.workflows.definition import Definition
from servicedesk.core.workflows.file import parse_workflow

REMEDY = "Name a workflow: a TOML file such as those that come with the program."


def prove_file(file: Path, name: str) -> Guarantees:
    """FileFaults with everything found, each under `name`; a file that cannot be read is a finding too."""
    return guarantees(read_file(file, name))


def read_file(file: Path, name: str) -> Definition:
    """The same, only read: what it guarantees is not asked."""
    return parse_workflow(_text(file, name), name)


def _text(file: Path, name: str) -> str:
    if file.is_dir():
        raise _unreadable(name, "is a folder.", "Name the files in it, such as folder/*.toml.")
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _unreadable(name, f"cannot be read: {error.strerror}.", REMEDY) from None
    except UnicodeDecodeError:
        raise _unreadable(name, "is not text in UTF-8.", REMEDY) from None


def _unreadable(name: str, problem: str, remedy: str) -> FileFaults:
    return FileFaults([Fault(name, "-", problem, remedy, rule="unreadable")])
