"""The settings of one running eventapp, read once from the environment by `eventapp.app.create_app`.

A wrong value stops the start with the name of the setting and what is wrong with it.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent


class ConfigError(RuntimeError):
    """A setting is missing or wrong; the message names it."""


@dataclass(frozen=True)
class Config:
    """One field per setting."""

    database_url: str
    """Where the data lives: sqlite:///… or postgresql+psycopg://…"""
    secret_key: str
    """Signs sessions and links; at least 32 characters."""
    secret_key_fallbacks: tuple[str, ...] = ()
    """Older keys whose links still open, newest first (SECRET_KEY_FALLBACKS, separated by blanks)."""
    instance: Path = ROOT / "instance"
    """Folder for the SQLite file, the made secret key and, without SMTP, the mails."""
    base_url: str = "http://127.0.0.1:8000"
    """Address under which guests reach the site; used in mails, calendars and QR posters."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = 8000
    """Port to listen on."""
    smtp_url: str = ""
    """smtp://user:password@host:port, smtps:// for TLS from the start, smtp+starttls://; empty: mails become files."""
    mail_from: str = "eventapp@localhost"
    """Sender address of all mails; replies go to the organiser."""
    tls_cert: str = ""
    """Certificate file for https without a proxy; needs TLS_KEY."""
    tls_key: str = ""
    """Private key file for https without a proxy."""
    trusted_proxies: int = 0
    """How many reverse proxies stand in front and set X-Forwarded-*; 0 ignores these headers."""
    max_upload: int = 8 * 1024 * 1024
    """Largest request body in bytes."""
    pool_size: int = 8
    """Database connections per process; processes x pool_size must stay under the server's limit."""
    workers: int = 2
    """Web server processes."""
    tied_processes: int = 0
    """How many of them there are, if each shall stay on a core of its own; 0: the system decides."""
    page_seconds: int = 1
    """How old the public pages that visitors read may be, twice that while one is made; 0 renders each anew. Sign-up
    always shows the present."""
    signups_per_network: int = 60
    """Most sign-ups for one event from one network address in ten minutes; a hall or an office shares one. 0: any."""
    demo: bool = True
    """Whether `flask up` loads the demonstration when nobody has used the database yet (DEMO=no: it does not)."""
    log_format: str = "json"
    """json or text."""
    testing: bool = False

    @property
    def is_https(self) -> bool:
        """Whether guests come by https, so that cookies are marked Secure."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> "Config":
        """Read all settings from `env`; raise ConfigError with the name of the first wrong one."""
        instance = Path(env.get("INSTANCE", str(ROOT / "instance"))).resolve()
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        host, port = env.get("HOST", "127.0.0.1"), _number(env, "PORT", 8000)
        tls_cert, tls_key = _tls(env)
        return cls(
            database_url=_database(env.get("DATABASE_URL", ""), instance),
            secret_key=_secret(env.get("SECRET_KEY", ""), instance),
            secret_key_fallbacks=tuple(env.get("SECRET_KEY_FALLBACKS", "").split()),
            instance=instance,
            base_url=_base_url(env.get("BASE_URL", ""), host, port, bool(tls_cert)),
            host=host,
            port=port,
            smtp_url=_smtp(env.get("SMTP_URL", "")),
            mail_from=env.get("MAIL_FROM", "eventapp@localhost"),
            tls_cert=tls_cert,
            tls_key=tls_key,
            trusted_proxies=_number(env, "TRUSTED_PROXIES", 0),
            max_upload=_number(env, "MAX_UPLOAD", 8 * 1024 * 1024),
            pool_size=_number(env, "POOL_SIZE", 8),
            workers=_number(env, "WORKERS", 2),
            tied_processes=_number(env, "TIED_PROCESSES", 0),
            page_seconds=_number(env, "PAGE_SECONDS", 1),
            signups_per_network=_number(env, "SIGNUPS_PER_NETWORK", 60),
            demo=_one_of(env, "DEMO", ("yes", "no")) == "yes",
            log_format=_one_of(env, "LOG_FORMAT", ("json", "text")),
        )

    @classmethod
    def for_tests(cls, database_url: str, **changes: object) -> "Config":
        """Make the settings of a test application on `database_url`."""
        made = cls(database_url=_database(database_url, ROOT), secret_key="t" * 32, testing=True, log_format="text")
        return replace(made, **{"page_seconds": 0, **changes})  # type: ignore[arg-type]


def _database(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'eventapp.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite://", "postgresql+psycopg://")):
        raise ConfigError("DATABASE_URL: only sqlite:///… and postgresql://… are known")
    return url


def _secret(given: str, instance: Path) -> str:
    if given:
        if len(given) < 32:
            raise ConfigError("SECRET_KEY: needs at least 32 characters")
        return given
    made = instance / "secret_key"
    if not made.exists():
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return made.read_text().strip()


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "") or str(default)
    if not text.isdecimal():
        raise ConfigError(f"{name}: {text!r} is not a whole number")
    return int(text)


def _one_of(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, "") or allowed[0]
    if value not in allowed:
        raise ConfigError(f"{name}: {value!r} is none of {', '.join(allowed)}")
    return value


def _base_url(given: str, host: str, port: int, tls: bool) -> str:
    if not given:
        return f"{'https' if tls else 'http'}://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"  # noqa: S104
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise ConfigError("BASE_URL: must be like https://events.example.org, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _smtp(url: str) -> str:
    if url and (urlsplit(url).scheme not in ("smtp", "smtps", "smtp+starttls") or not urlsplit(url).hostname):
        raise ConfigError(
            "SMTP_URL: must be like smtp://host:25, smtps://user:password@host or smtp+starttls://host:587"
        )
    return url


def _tls(env: Mapping[str, str]) -> tuple[str, str]:
    cert, key = env.get("TLS_CERT", ""), env.get("TLS_KEY", "")
    if bool(cert) != bool(key):
        raise ConfigError("TLS_CERT and TLS_KEY: both or none")
    for name, path in (("TLS_CERT", cert), ("TLS_KEY", key)):
        if path and not Path(path).is_file():
            raise ConfigError(f"{name}: no file at {path}")
    return cert, key
