import stat
from multiprocessing import get_context
from pathlib import Path

import pytest

from servicedesk import paths
from servicedesk.config import SettingFault, describe, read_settings, start_settings, unknown_variables

POSTGRES = "postgresql://desk:s3cret@db.example/desk"
KEY = "a-key-of-thirty-two-characters-!"


def environment(folder: Path, **values: str) -> dict[str, str]:
    return {"SERVICEDESK_INSTANCE": str(folder), **{f"SERVICEDESK_{name}": value for name, value in values.items()}}


def write(folder: Path, text: str) -> None:
    (folder / "servicedesk.toml").write_text(text, encoding="utf-8")


def origins(environ: dict[str, str]) -> dict[str, str]:
    return {known.variable: known.origin for known in describe(read_settings(environ))}


def test_without_settings_the_database_is_a_file_in_the_checkouts_instance_folder() -> None:
    settings = read_settings({})
    assert settings.instance == paths.default_instance()
    assert settings.database_url == f"sqlite:///{settings.instance}/servicedesk.sqlite"
    assert settings.embedded


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    write(tmp_path, f'database_url = "sqlite:///from-file"\nsecret_key = "{KEY}"')
    assert read_settings(environment(tmp_path)).database_url == "sqlite:///from-file"
    environ = environment(tmp_path, DATABASE_URL=POSTGRES)
    assert read_settings(environ).database_url == POSTGRES
    assert origins(environ) == {
        "SERVICEDESK_INSTANCE": "environment",
        "SERVICEDESK_DATABASE_URL": "environment",
        "SERVICEDESK_REPORTS_URL": "default",
        "SERVICEDESK_SECRET_KEY": str(tmp_path / "servicedesk.toml"),
        "SERVICEDESK_PROXIES": "default",
        "SERVICEDESK_METRICS_TOKEN": "default",
        "SERVICEDESK_CLIENT_RATE": "default",
        "SERVICEDESK_LINK_DAYS": "default",
        "SERVICEDESK_SMTP_URL": "default",
        "SERVICEDESK_MAIL_FROM": "default",
        "SERVICEDESK_PUBLIC_URL": "default",
        "SERVICEDESK_LOG_FORMAT": "default",
        "SERVICEDESK_WEBHOOKS_INSECURE": "default",
        "SERVICEDESK_DEBUG": "default",
    }


def test_an_empty_variable_counts_as_not_given(tmp_path: Path) -> None:
    assert read_settings(environment(tmp_path, DATABASE_URL="")).embedded


def test_reading_settings_writes_nothing(tmp_path: Path) -> None:
    read_settings(environment(tmp_path / "instance"))
    assert not (tmp_path / "instance").exists()


def test_the_first_start_with_sqlite_makes_a_key_that_later_starts_keep(tmp_path: Path) -> None:
    environ = environment(tmp_path / "instance")
    first = start_settings(environ)
    assert len(first.secret_key) >= 32
    assert start_settings(environ).secret_key == first.secret_key
    file = tmp_path / "instance" / "secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [found.name for found in file.parent.iterdir()] == ["secret_key"]
    assert origins(environ)["SERVICEDESK_SECRET_KEY"] == str(file)


def test_two_installations_never_share_a_key(tmp_path: Path) -> None:
    one, other = (start_settings(environment(tmp_path / name)) for name in ("one", "other"))
    assert one.secret_key != other.secret_key


def key_of_a_start(folder: str) -> str:
    return start_settings(environment(Path(folder))).secret_key


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with get_context("spawn").Pool(4) as pool:
        keys = pool.map(key_of_a_start, [str(tmp_path / "instance")] * 8, chunksize=1)
    assert len(set(keys)) == 1


def test_postgres_demands_a_key_and_ignores_one_kept_for_sqlite(tmp_path: Path) -> None:
    start_settings(environment(tmp_path))
    with pytest.raises(SettingFault, match="SERVICEDESK_SECRET_KEY is missing: with PostgreSQL"):
        start_settings(environment(tmp_path, DATABASE_URL=POSTGRES))
    assert start_settings(environment(tmp_path, DATABASE_URL=POSTGRES, SECRET_KEY=KEY)).secret_key == KEY


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('databse_url = "x"', "databse_url is not a setting; did you mean database_url?"),
        ("colour = 1", "colour is not a setting; the settings are"),
        ("database_url = 5", "database_url must be a text in quotes, not 5"),
        ('instance = "/elsewhere"', "instance can only be given in the environment, as SERVICEDESK_INSTANCE"),
        ("database_url = ", "is not valid TOML"),
        ('secret_key = "short"', "is too short"),
    ],
)
def test_a_fault_in_the_file_is_one_sentence_that_names_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    write(tmp_path, text)
    with pytest.raises(SettingFault) as caught:
        read_settings(environment(tmp_path))
    assert sentence in str(caught.value)
    assert str(tmp_path / "servicedesk.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DATABASE_URL", "mysql://x", "must begin with sqlite:/// or postgresql://, not 'mysql'"),
        ("DATABASE_URL", "postgres://x", "must begin with sqlite:/// or postgresql://, not 'postgres'"),
        ("DEBUG", "perhaps", "SERVICEDESK_DEBUG must be 1 or 0, not 'perhaps'"),
        ("SECRET_KEY", "short", "from environment) is too short"),
    ],
)
def test_a_fault_in_the_environment_names_the_variable(tmp_path: Path, name: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingFault) as caught:
        read_settings(environment(tmp_path, **{name: value}))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://desk:s3cret@db.example/desk",
        "postgresql://desk:p@ss:/s3cret@db.example/desk",
        "postgresql://desk@db.example/desk?password=s3cret&connect_timeout=3",
    ],
)
def test_no_secret_is_shown_in_a_listing_or_a_repr(tmp_path: Path, url: str) -> None:
    settings = read_settings(environment(tmp_path, DATABASE_URL=url, SECRET_KEY=KEY))
    shown = " ".join(known.value for known in describe(settings)) + repr(settings)
    assert "s3cret" not in shown
    assert KEY not in shown
    assert "db.example/desk" in shown


def test_variables_that_are_no_setting_are_named() -> None:
    assert unknown_variables({"SERVICEDESK_DATABSE_URL": "x", "SERVICEDESK_DEBUG": "1", "HOME": "y"}) == [
        "SERVICEDESK_DATABSE_URL"
    ]


def test_the_readme_lists_every_setting() -> None:
    top = paths.checkout()
    assert top
    readme = (top / "README.md").read_text(encoding="utf-8")
    assert [known.variable for known in describe(read_settings({})) if f"`{known.variable}`" not in readme] == []


MAIL = {
    "SERVICEDESK_SMTP_URL": "smtp://desk:hemligt@mail.example:587",
    "SERVICEDESK_MAIL_FROM": "noreply@desk.example",
    "SERVICEDESK_PUBLIC_URL": "https://desk.example",
}


def test_mail_is_set_whole_or_not_at_all_and_its_password_is_never_shown(tmp_path: Path) -> None:
    environ = {"SERVICEDESK_INSTANCE": str(tmp_path), **MAIL}
    settings = read_settings(environ)
    assert settings.mails and not read_settings({"SERVICEDESK_INSTANCE": str(tmp_path)}).mails
    assert not any("hemligt" in each.value for each in describe(settings)) and "hemligt" not in repr(settings)


@pytest.mark.parametrize(
    "name, value",
    [
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://"),
        ("SMTP_URL", "smtp://mail.example:none"),
        ("MAIL_FROM", ""),
        ("MAIL_FROM", "Servicedesk <noreply@desk.example>"),
        ("PUBLIC_URL", ""),
        ("PUBLIC_URL", "desk.example"),
        ("PUBLIC_URL", "https://desk.example/?a=1"),
    ],
)
def test_a_mail_setting_that_cannot_work_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    environ = {"SERVICEDESK_INSTANCE": str(tmp_path), **MAIL, f"SERVICEDESK_{name}": value}
    with pytest.raises(SettingFault, match=f"SERVICEDESK_{name}"):
        read_settings(environ)
