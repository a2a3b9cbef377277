"""A connection that has been idle is tried before it is used; one that has just answered is trusted."""

import pytest
from sqlalchemy import text

from servicedesk.actions.desk import Desk
from servicedesk.core.errors import Unavailable
from servicedesk.store import engine
from servicedesk.store.engine import make_engine
from tests.support.postgres import Cluster


def cut(cluster: Cluster, url: str) -> None:
    name = url.rsplit("/", 1)[1]
    cluster.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def ask(desk: Desk) -> int:
    with desk.reading() as connection:
        answer: int = connection.execute(text("SELECT 1")).scalar_one()
        return answer


def test_nobody_notices_that_an_idle_connection_was_cut(
    postgres_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TRUSTED_SECONDS", 0)
    with postgres_cluster.fresh() as url:
        desk = Desk(make_engine(url))
        assert ask(desk) == 1
        cut(postgres_cluster, url)
        assert ask(desk) == 1
        desk.engine.dispose()


def test_one_cut_right_after_its_use_ends_in_one_clear_refusal_and_work_goes_on(
    postgres_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "TRUSTED_SECONDS", 3600)
    with postgres_cluster.fresh() as url:
        desk = Desk(make_engine(url))
        with desk.reading() as one, desk.reading() as other:
            assert one.execute(text("SELECT 1")).scalar_one() == other.execute(text("SELECT 1")).scalar_one()
        cut(postgres_cluster, url)
        with pytest.raises(Unavailable, match="does not answer. Nothing was saved"):
            ask(desk)
        assert [ask(desk) for _ in range(3)] == [1, 1, 1]
        desk.engine.dispose()
