"""Installed as a wheel, far from the checkout, the program finds everything that came with it."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.architecture.source import TOP

pytestmark = pytest.mark.long
NOT_SHIPPED = {"__pycache__", "_data"}
WHERE = """
import json
from servicedesk import paths
places = paths.workflows(), paths.migrations(), paths.samples(), paths.scenarios(), paths.default_instance()
print(json.dumps([str(place) for place in places]))
"""


@dataclass
class Installed:
    wheel: Path
    venv: Path
    folder: Path

    def run(self, program: str, *arguments: str) -> str:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SERVICEDESK_", "PYTHON"))}
        done = subprocess.run(
            [self.venv / "bin" / program, *arguments], cwd=self.folder, env=clean, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """As the README says: the locked dependencies by hash, then the wheel alone."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(TOP)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    (folder / "elsewhere").mkdir()
    made = Installed(wheel, folder / "venv", folder / "elsewhere")
    made.run("pip", "install", "-q", "--require-hashes", "-r", str(TOP / "requirements.lock"))
    made.run("pip", "install", "-q", "--no-deps", str(wheel))
    return made


def shipped(folder: str) -> set[str]:
    files = (file.relative_to(TOP) for file in (TOP / folder).rglob("*") if file.is_file())
    return {str(file) for file in files if not NOT_SHIPPED & set(file.parts)}


def test_the_wheel_carries_every_file_of_the_program(installed: Installed) -> None:
    carried = set(ZipFile(installed.wheel).namelist())
    data = {f"servicedesk/_data/{file}" for file in shipped("workflows") | shipped("migrations")}
    assert data
    assert (shipped("servicedesk") | data) - carried == set()


def test_the_wheel_carries_nothing_else(installed: Installed) -> None:
    tops = {name.partition("/")[0] for name in ZipFile(installed.wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"servicedesk"}


def test_its_dependencies_are_those_of_the_lock(installed: Installed) -> None:
    assert "No broken requirements" in installed.run("pip", "check")


def test_it_says_its_version(installed: Installed) -> None:
    assert installed.run("servicedesk", "--version").startswith("servicedesk, version ")


def test_it_finds_its_data_and_keeps_its_instance_where_one_stands(installed: Installed) -> None:
    *data, instance = (Path(place) for place in json.loads(installed.run("python", "-c", WHERE)))
    assert [place for place in data if not place.is_dir() or not place.is_relative_to(installed.venv)] == []
    assert instance == installed.folder / "instance"


def test_its_workflows_are_sound(installed: Installed) -> None:
    installed.run("servicedesk", "workflow", "check")


def test_it_makes_its_database(installed: Installed) -> None:
    installed.run("servicedesk", "migrate")
    assert (installed.folder / "instance" / "servicedesk.sqlite").is_file()
