"""Settings: a wrong one stops the start with its name; what is not set is made once or has a safe default."""

from pathlib import Path

import pytest

from config import Config, ConfigError


def _read(instance: Path, **env: str) -> Config:
    return Config.from_env({"INSTANCE": str(instance), **env})


def test_without_settings_everything_stays_on_this_machine(tmp_path: Path) -> None:
    config = _read(tmp_path / "new")
    assert config.database_url == f"sqlite:///{tmp_path}/new/eventapp.db"
    assert (config.host, config.port, config.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert (config.smtp_url, config.trusted_proxies, config.testing) == ("", 0, False)


def test_the_secret_key_is_made_once_and_only_we_may_read_it(tmp_path: Path) -> None:
    first = _read(tmp_path / "instance").secret_key
    assert len(first) >= 48
    assert (tmp_path / "instance").stat().st_mode & 0o777 == 0o700
    assert _read(tmp_path / "instance").secret_key == first
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("scheme", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_all_names_of_postgres_are_understood(tmp_path: Path, scheme: str) -> None:
    assert _read(tmp_path, DATABASE_URL=f"{scheme}u@h/d").database_url == "postgresql+psycopg://u@h/d"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u@h/d"),
        ("SECRET_KEY", "short"),
        ("PORT", "80a"),
        ("BASE_URL", "forum.example.org"),
        ("BASE_URL", "https://example.org/events"),
        ("SMTP_URL", "http://mail.example.org"),
        ("SMTP_URL", "smtp://"),
        ("TRUSTED_PROXIES", "-1"),
        ("LOG_FORMAT", "xml"),
        ("TLS_CERT", "/no/such/file"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        _read(tmp_path, **{name: value})


def test_a_certificate_makes_the_address_https(tmp_path: Path) -> None:
    for name in ("cert", "key"):
        (tmp_path / name).write_text("")
    config = _read(
        tmp_path, TLS_CERT=str(tmp_path / "cert"), TLS_KEY=str(tmp_path / "key"), HOST="0.0.0.0", PORT="8443"
    )
    assert config.base_url == "https://127.0.0.1:8443"
    assert config.is_https
