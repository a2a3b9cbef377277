"""Typed settings. Each comes from the environment, then <instance>/servicedesk.toml, then its default.

To add a setting, add a field to `Settings`: its name, type, default and help are all there is to say. `database_url`
is SERVICEDESK_DATABASE_URL in the environment and `database_url` in the file.
"""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from servicedesk import paths
from servicedesk.core.errors import DeskError
from servicedesk.core.letters import address_in

PREFIX = "SERVICEDESK_"
FILE = "servicedesk.toml"
KEY_FILE = "secret_key"
SHORTEST_KEY = 16
TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")


class SettingFault(DeskError):
    """A setting that cannot be used. The sentence names it, where it stands and what to do."""

    code = "setting"


def setting(
    help: str,
    *,
    default: Any = "",
    secret: bool = False,
    environment_only: bool = False,
    one_of: tuple[str, ...] = (),
) -> Any:
    """A field of `Settings`. A secret is never printed; `environment_only` cannot stand in the file."""
    metadata = {"help": help, "secret": secret, "environment_only": environment_only, "one_of": one_of}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    instance: Path = setting(
        "Folder of the embedded database and local secrets.", default=Path("instance"), environment_only=True
    )
    database_url: str = setting(
        "sqlite:///… or postgresql://…; without it, servicedesk.sqlite in the instance folder.", secret=True
    )
    reports_url: str = setting(
        "A copy of the database, of the same kind, that follow-up reads from; without it, the database itself.",
        secret=True,
    )
    secret_key: str = setting(
        "Signs sign-ins and forms. Made and kept in the instance folder with SQLite, demanded with PostgreSQL.",
        secret=True,
    )
    proxies: int = setting("How many reverse proxies stand in front and tell who calls.", default=0)
    metrics_token: str = setting(
        "Whoever shows it as a bearer token may read /metrics; without it, this machine alone.", secret=True
    )
    client_rate: int = setting(
        "How many requests a minute a client of the API may make, unless it has a limit of its own.", default=18_000
    )
    link_days: int = setting(
        "For how many days a requester's link opens a ticket after it was closed, or the link given.", default=60
    )
    smtp_url: str = setting(
        "The mail server, smtp://user:password@host:587 or smtps://host:465; without it, nobody is told by mail.",
        secret=True,
    )
    mail_from: str = setting("The address that mail comes from, and what cannot be delivered goes back to.")
    public_url: str = setting("Where people reach the pages, https://desk.example.se, for links in mail.")
    log_format: str = setting(
        "json, text, or auto: text on a terminal, else json.", default="auto", one_of=("auto", "json", "text")
    )
    webhooks_insecure: str = setting(
        "Receivers of webhooks, host:port with commas between, that may be called though they are internal and without "
        "TLS. For trying out alone."
    )
    debug: bool = setting("1 shows where a fault of the program arose.", default=False, environment_only=True)
    origins: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def callable_inside(self) -> frozenset[str]:
        return frozenset(place.strip() for place in self.webhooks_insecure.split(",") if place.strip())

    @property
    def mails(self) -> bool:
        return bool(self.smtp_url)

    @property
    def embedded(self) -> bool:
        return self.database_url.startswith("sqlite")


@dataclass(frozen=True, slots=True)
class Described:
    """One setting as a person reads it: secrets are masked."""

    variable: str
    value: str
    origin: str
    help: str


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings as they stand; writes nothing. `secret_key` is '' until the first start has made it."""
    environ = os.environ if environ is None else environ
    given, origins = _from_environment(environ)
    instance = Path(given.get("instance") or paths.default_instance()).expanduser().absolute()
    in_file = _from_file(instance / FILE)
    origins = {name: str(instance / FILE) for name in in_file} | origins
    settings = Settings(**{**in_file, **given, "instance": instance}, origins=origins)
    _require_choices(settings)
    _require_length(settings, "metrics_token")
    if settings.client_rate < 1:
        raise SettingFault("SERVICEDESK_CLIENT_RATE must be 1 or more: nobody could call at all.")
    if settings.link_days < 1:
        raise SettingFault("SERVICEDESK_LINK_DAYS must be 1 or more: no link would open anything.")
    _require_mail(settings)
    settings = _with_database(settings)
    _require_same_kind(settings)
    return _with_key_file(settings)


def start_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings a process starts with: the instance folder exists and there is a secret key."""
    settings = read_settings(environ)
    if settings.secret_key:
        return settings
    if not settings.embedded:
        raise SettingFault(
            "SERVICEDESK_SECRET_KEY is missing: with PostgreSQL every machine needs the same key, so give one of at "
            "least %(length)s random characters in the environment or in %(file)s.",
            length=SHORTEST_KEY,
            file=str(settings.instance / FILE),
        )
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_key(settings.instance / KEY_FILE)
    return _with_key_file(settings)


def describe(settings: Settings) -> list[Described]:
    """Every setting in the order of `Settings`, for people."""
    return [
        Described(_variable(known), _shown(settings, known), settings.origins.get(known.name, "default"), _help(known))
        for known in _known().values()
    ]


def unknown_variables(environ: Mapping[str, str] | None = None) -> list[str]:
    """SERVICEDESK_ variables that are no setting. Not refused: Kubernetes sets such names for a service on its own."""
    environ = os.environ if environ is None else environ
    expected = {_variable(known) for known in _known().values()}
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in expected)


def _known() -> dict[str, Field[Any]]:
    return {known.name: known for known in fields(Settings) if known.metadata}


def _variable(known: Field[Any]) -> str:
    return PREFIX + known.name.upper()


def _help(known: Field[Any]) -> str:
    return str(known.metadata["help"])


def _from_environment(environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Values and origins. An empty variable counts as not given."""
    given, origins = {}, {}
    types = get_type_hints(Settings)
    for name, known in _known().items():
        if text := environ.get(_variable(known)):
            given[name] = _parsed(text, types[name], _variable(known))
            origins[name] = "environment"
    return given, origins


def _parsed(text: str, kind: type, variable: str) -> Any:
    if kind is bool:
        if text.lower() not in TRUE + FALSE:
            raise SettingFault("%(name)s must be 1 or 0, not %(value)s.", name=variable, value=repr(text))
        return text.lower() in TRUE
    try:
        return kind(text)
    except ValueError:
        raise SettingFault("%(name)s must be a whole number, not %(value)s.", name=variable, value=repr(text)) from None


def _from_file(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingFault("%(file)s is not valid TOML: %(reason)s.", file=str(file), reason=str(error)) from None
    return {name: _checked(name, value, file) for name, value in content.items()}


def _checked(name: str, value: Any, file: Path) -> Any:
    known = _known().get(name)
    if known is None:
        raise SettingFault("%(file)s: %(name)s is not a setting; %(hint)s", file=str(file), name=name, hint=_hint(name))
    if known.metadata["environment_only"]:
        raise SettingFault(
            "%(file)s: %(name)s can only be given in the environment, as %(variable)s.",
            file=str(file),
            name=name,
            variable=_variable(known),
        )
    kind = get_type_hints(Settings)[name]
    written = str if kind is Path else kind
    if type(value) is not written:
        raise SettingFault(
            "%(file)s: %(name)s must be %(kind)s, not %(value)s.",
            file=str(file),
            name=name,
            kind={str: "a text in quotes", int: "a whole number", bool: "true or false"}[written],
            value=repr(value),
        )
    return kind(value)


def _require_same_kind(settings: Settings) -> None:
    if settings.reports_url and _kind(settings.reports_url) != _kind(settings.database_url):
        raise SettingFault(
            "SERVICEDESK_REPORTS_URL must lead to a copy of the database, so begin with %(kind)s:// as that does.",
            kind=_kind(settings.database_url),
        )


def _require_mail(settings: Settings) -> None:
    """All of it, or nothing: a mail without a sender or without a link helps nobody."""
    if not settings.smtp_url:
        return
    server, _port = urlsplit(settings.smtp_url), _port_of(settings.smtp_url)
    if server.scheme not in ("smtp", "smtps") or not server.hostname:
        raise SettingFault("SERVICEDESK_SMTP_URL must name a server, as smtp://host:587 or smtps://host:465.")
    if address_in(settings.mail_from) != settings.mail_from or not settings.mail_from:
        raise SettingFault("SERVICEDESK_MAIL_FROM must be an address, as servicedesk@example.se, for mail to be sent.")
    page = urlsplit(settings.public_url)
    if page.scheme not in ("http", "https") or not page.hostname or page.query or page.fragment:
        raise SettingFault("SERVICEDESK_PUBLIC_URL must be where people reach the pages, as https://desk.example.se.")


def _port_of(url: str) -> int | None:
    try:
        return urlsplit(url).port
    except ValueError:
        raise SettingFault("SERVICEDESK_SMTP_URL has a port that is none.") from None


def _kind(url: str) -> str:
    """sqlite or postgresql, whichever driver is named."""
    return url.partition(":")[0].partition("+")[0]


def _require_choices(settings: Settings) -> None:
    for known in _known().values():
        choices, value = known.metadata["one_of"], getattr(settings, known.name)
        if choices and value not in choices:
            raise SettingFault(
                "%(name)s must be %(choices)s, not %(value)s.",
                name=_variable(known),
                choices=", ".join(choices[:-1]) + f" or {choices[-1]}",
                value=repr(value),
            )


def _hint(name: str) -> str:
    near = get_close_matches(name, _known(), n=1)
    return f"did you mean {near[0]}?" if near else f"the settings are {', '.join(_known())}."


def _with_database(settings: Settings) -> Settings:
    if not settings.database_url:
        return replace(settings, database_url=f"sqlite:///{settings.instance / 'servicedesk.sqlite'}")
    database_address(settings.database_url, "SERVICEDESK_DATABASE_URL")
    return settings


def database_address(url: str, name: str) -> str:
    """The same, if it can be one; `name` is where it stands."""
    if not re.match(r"(sqlite|postgresql)(\+\w+)?://", url):
        raise SettingFault(
            "%(name)s must begin with sqlite:/// or postgresql://, not %(start)s.",
            name=name,
            start=repr(url.partition("://")[0][:20]),
        )
    return url


def _with_key_file(settings: Settings) -> Settings:
    """The given key, checked; with SQLite and none given, the one kept in the instance folder if there is one."""
    kept = settings.instance / KEY_FILE
    if not settings.secret_key and settings.embedded and kept.is_file():
        key = kept.read_text(encoding="utf-8").strip()
        settings = replace(settings, secret_key=key, origins={**settings.origins, "secret_key": str(kept)})
    _require_length(settings, "secret_key")
    return settings


def _require_length(settings: Settings, name: str) -> None:
    """A secret that is given is long enough not to be guessed."""
    origin = settings.origins.get(name)
    if origin and len(getattr(settings, name)) < SHORTEST_KEY:
        raise SettingFault(
            "%(name)s (from %(origin)s) is too short: give at least %(length)s random characters.",
            name=PREFIX + name.upper(),
            origin=origin,
            length=SHORTEST_KEY,
        )


def _make_key(file: Path) -> None:
    """Write a new key, complete and readable by its owner alone; of several processes starting at once, one wins."""
    draft = file.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(secrets.token_urlsafe(48) + "\n")
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _mask(found: re.Match[str]) -> str:
    return f"{found[2]}***" if found[2] else f"{found[1]}:***@"


def _shown(settings: Settings, known: Field[Any]) -> str:
    value = getattr(settings, known.name)
    if known.name.endswith("_url"):
        return re.sub(r"(://[^:/@]*):.*@|(password=)[^&]*", _mask, value)
    if known.metadata["secret"]:
        return "***" if value else "(none yet)"
    return str(int(value) if isinstance(value, bool) else value)
