from __future__ import annotations

import threading

from importmgr.acting import SERVICE, Actor, act_as, acting, actor

JANA = Actor(name="cli:jana")


def test_the_service_acts_unless_somebody_else_is_named() -> None:
    assert actor() is SERVICE

    with acting(JANA):
        assert actor() is JANA

    assert actor() is SERVICE


def test_one_thread_does_not_act_for_another() -> None:
    seen = []

    def act() -> None:
        act_as(JANA)
        seen.append(actor())

    thread = threading.Thread(target=act)
    thread.start()
    thread.join()

    assert seen == [JANA]
    assert actor() is SERVICE
