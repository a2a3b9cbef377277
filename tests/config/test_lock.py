"""The lock files hold every dependency, each with a hash, and name no place to fetch from."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from servicedesk.paths import PACKAGE

TOP = PACKAGE.parent
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = PROJECT["dependencies"]
LOCKS = {"requirements.lock": RUNTIME, ".ci/requirements-test.lock": RUNTIME + PROJECT["optional-dependencies"]["test"]}


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (TOP / lock).read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_dependency_is_locked_to_a_version_it_allows(lock: str) -> None:
    locked = pins(lock)
    wanted = [Requirement(line) for line in LOCKS[lock]]
    unmet = [str(one) for one in wanted if not one.specifier.contains(locked.get(canonicalize_name(one.name), "0"))]
    assert unmet == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_a_hash_and_no_registry_is_named(lock: str) -> None:
    text = (TOP / lock).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(lock))
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_tests_run_on_the_versions_that_are_installed_elsewhere() -> None:
    assert pins("requirements.lock").items() <= pins(".ci/requirements-test.lock").items()
