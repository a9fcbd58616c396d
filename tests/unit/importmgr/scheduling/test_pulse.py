from __future__ import annotations

from definitions.errors import PermanentError
from importmgr.metrics import Metrics
from importmgr.scheduling.pulse import Pulse, open_pulse
from importmgr.settings import Settings
from tests.api_server import ApiServer
from tests.product import wait_until


def pulse(api_server: ApiServer, metrics: Metrics, *, ill: bool = False) -> Pulse:
    def check() -> None:
        if ill:
            msg = "nothing was fired for 75 s"
            raise PermanentError(msg)

    settings = Settings(
        alive_url=f"{api_server.url}/ping/geheimes-zeichen",
        alive_seconds=0.01,
        allow_private_sources=True,
    )
    made = open_pulse(settings, check, metrics)
    assert made is not None
    return made


def test_an_address_is_asked_for_while_all_is_well(api_server: ApiServer) -> None:
    api_server.answer("")
    beating = pulse(api_server, Metrics())

    beating.start()
    wait_until(lambda: len(api_server.seen) > 2)
    beating.stop()

    assert {(seen.method, seen.path) for seen in api_server.seen} == {
        ("GET", "/ping/geheimes-zeichen")
    }


def test_an_ill_ticker_falls_silent(api_server: ApiServer) -> None:
    api_server.answer("")

    assert not pulse(api_server, Metrics(), ill=True).beat()
    assert api_server.seen == []


def test_a_pulse_that_is_not_heard_is_counted_and_goes_on(api_server: ApiServer) -> None:
    api_server.answer("", 500)
    metrics = Metrics()

    assert not pulse(api_server, metrics).beat()

    assert 'importmgr_pulses_total{outcome="failed"} 1.0' in metrics.render().decode()


def test_nobody_is_asked_unless_the_settings_say_so() -> None:
    assert open_pulse(Settings(), lambda: None, Metrics()) is None


def test_the_address_is_a_secret_of_the_settings() -> None:
    assert "zeichen" not in repr(Settings(alive_url="https://ping.example.test/zeichen"))
