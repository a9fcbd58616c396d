from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from ipaddress import ip_network
from pathlib import Path

import pytest

from definitions.errors import SettingsError
from importmgr.setting_values import Role
from importmgr.settings import Settings, env_name
from sources.guard import AddressPolicy
from sources.transfer import FetchLimits

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "settings.md"


def test_without_any_variable_everything_has_its_default() -> None:
    assert Settings.from_environ({"PATH": "/bin", "HOME": "/root"}) == Settings()


def test_the_database_stands_beside_the_data_unless_told(tmp_path: Path) -> None:
    beside = Settings.from_environ({"IMPORTMGR_DATA_DIR": str(tmp_path)})
    told = Settings.from_environ({"IMPORTMGR_DATABASE_URL": "postgresql://h/d"})

    assert beside.database_url == f"sqlite:///{tmp_path}/importmgr.db"
    assert beside.key_path == tmp_path / "master.key"
    assert (beside.embedded, told.embedded) == (True, False)


def test_values_are_read_by_their_kind() -> None:
    settings = Settings.from_environ(
        {
            "IMPORTMGR_PORT": "0",
            "IMPORTMGR_POLL_SECONDS": "0.05",
            "IMPORTMGR_MAX_FILE_BYTES": "2GiB",
            "IMPORTMGR_ALLOW_PRIVATE_SOURCES": "true",
            "IMPORTMGR_ALLOWED_SOURCE_NETWORKS": "10.1.0.0/16, fd00::/8",
            "IMPORTMGR_LOG_FORMAT": "json",
        }
    )

    assert (settings.port, settings.poll_seconds, settings.max_file_bytes) == (0, 0.05, 2 << 30)
    assert settings.allow_private_sources is True
    assert settings.allowed_source_networks == (ip_network("10.1.0.0/16"), ip_network("fd00::/8"))
    assert settings.log_format == "json"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("IMPORTMGR_PROT", "did you mean IMPORTMGR_PORT?"),
        ("IMPORTMGR_LEASE_SECOND", "did you mean IMPORTMGR_LEASE_SECONDS?"),
        ("IMPORTMGR_PORT_FILE", "did you mean IMPORTMGR_PORT?"),
        ("IMPORTMGR_", "docs/reference/settings.md"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(name: str, hint: str) -> None:
    with pytest.raises(SettingsError, match=f"unknown setting {name}: ") as refused:
        Settings.from_environ({name: "1"})

    assert hint in str(refused.value)


def test_a_wrong_value_is_named_with_its_remedy() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environ({"IMPORTMGR_PORT": "http"})

    assert str(refused.value) == "IMPORTMGR_PORT 'http': must be a whole number, 0 or more"


@pytest.mark.parametrize("name", ["DATABASE_URL", "MASTER_KEY", "SOCKS_PROXY"])
def test_a_secret_may_come_from_a_file(tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("postgresql://u:p@h/d\n", encoding="utf-8")

    settings = Settings.from_environ({f"IMPORTMGR_{name}_FILE": str(file)})

    assert getattr(settings, name.lower()) == "postgresql://u:p@h/d"


def test_a_secret_from_two_places_is_refused(tmp_path: Path) -> None:
    both = {"IMPORTMGR_MASTER_KEY": "a", "IMPORTMGR_MASTER_KEY_FILE": str(tmp_path / "k")}

    with pytest.raises(SettingsError, match=r"both IMPORTMGR_MASTER_KEY and .*_FILE are set"):
        Settings.from_environ(both)


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"IMPORTMGR_MASTER_KEY_FILE: cannot read .*gone"):
        Settings.from_environ({"IMPORTMGR_MASTER_KEY_FILE": str(tmp_path / "gone")})


SECRETS = {
    "IMPORTMGR_DATABASE_URL": "postgresql://importmgr:geheim1@db.test/importmgr",
    "IMPORTMGR_MASTER_KEY": "geheim2",
    "IMPORTMGR_SOCKS_PROXY": "socks5h://u:geheim3@proxy.test:1080",
}


def test_secrets_never_show() -> None:
    settings = Settings.from_environ(SECRETS)

    for shown in (repr(settings), str(settings), str(settings.shown()), f"{settings!r}"):
        assert "geheim" not in shown
    assert ("IMPORTMGR_DATABASE_URL", "postgresql://importmgr:***@db.test/importmgr", False) in (
        settings.shown()
    )


def test_a_wrong_secret_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environ({"IMPORTMGR_DATABASE_URL": "mysql://u:geheim@h/d"})

    assert "geheim" not in str(refused.value)
    assert "sqlite:///" in str(refused.value)


def test_a_lease_that_one_late_heartbeat_loses_is_refused() -> None:
    with pytest.raises(SettingsError, match="more than half of IMPORTMGR_LEASE_SECONDS"):
        Settings.from_environ({"IMPORTMGR_LEASE_SECONDS": "10"})


def test_settings_do_not_change() -> None:
    settings = Settings()

    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]


def test_what_is_shown_says_what_was_set(tmp_path: Path) -> None:
    settings = Settings.from_environ(
        {"IMPORTMGR_DATA_DIR": str(tmp_path), "IMPORTMGR_PORT": "8080", "IMPORTMGR_EXECUTORS": "4"}
    )

    changed = [name for name, _, is_default in settings.shown() if not is_default]

    assert changed == ["IMPORTMGR_DATA_DIR", "IMPORTMGR_EXECUTORS"]


def test_the_reference_shows_every_default_as_it_is() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
    shown = {name: value for name, value, _ in Settings().shown()}
    shown[env_name("database_url")] = "sqlite:///<data_dir>/importmgr.db"

    assert rows == shown


def test_a_shown_value_reads_back_as_itself() -> None:
    settings = Settings(data_dir=Path("/srv/importmgr"))
    texts = {name: value for name, value, _ in settings.shown() if value != "-"}

    assert Settings.from_environ(texts) == settings


def test_the_reference_says_over_which_time_the_minimum_rate_is_measured() -> None:
    told = _meaning("IMPORTMGR_SOURCE_MINIMUM_RATE")

    assert f"over each {FetchLimits().rate_window:.0f} seconds" in told


def test_the_reference_promises_cloud_metadata_only_where_it_is_opened() -> None:
    private = AddressPolicy(allow_private=True)

    assert not private.allows("169.254.169.254")
    assert "stay closed" in _meaning("IMPORTMGR_ALLOW_PRIVATE_SOURCES")


def _meaning(setting: str) -> str:
    """Return what the reference says about a setting."""
    (line,) = [line for line in PAGE.read_text().splitlines() if line.startswith(f"| `{setting}`")]
    return line


def test_an_embedded_database_has_one_process_that_does_everything() -> None:
    with pytest.raises(SettingsError, match=r"roles 'api,executor' need PostgreSQL.*DATABASE_URL"):
        Settings.from_environ({"IMPORTMGR_ROLES": "executor,api"})

    apart = {"IMPORTMGR_ROLES": "ticker", "IMPORTMGR_DATABASE_URL": "postgresql://h/d"}
    assert Settings.from_environ(apart).roles == (Role.TICKER,)
    assert Settings.from_environ({"IMPORTMGR_ROLES": "all"}) == Settings()


def test_a_process_that_answers_no_requests_listens_on_a_port_of_its_own() -> None:
    url = "postgresql://h/d"
    whole = Settings(database_url=url)
    executor = Settings(database_url=url, roles=(Role.EXECUTOR,), status_port=9000)

    assert whole.listen_port == ("IMPORTMGR_PORT", 8080)
    assert executor.listen_port == ("IMPORTMGR_STATUS_PORT", 9000)


def test_roles_are_shown_as_they_are_written() -> None:
    apart = Settings(database_url="postgresql://h/d", roles=(Role.API, Role.TICKER))
    shown = {name: value for name, value, _ in apart.shown()}

    assert shown["IMPORTMGR_ROLES"] == "api,ticker"
    assert ("IMPORTMGR_ROLES", "all", True) in Settings().shown()
