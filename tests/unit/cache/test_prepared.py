"""Statements that go to the driver as text do what SQLAlchemy would have had them do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from assessor_app.cache import sync_state
from assessor_app.cache.engine import Store, Transaction
from assessor_app.cache.models import RecordRev, Setting
from assessor_app.cache.prepared import Prepared


def half_way(txn: Transaction, act: Callable[[], None]) -> None:
    with sync_state.whole_or_nothing(txn):
        sync_state.put_rev(txn, "policy", "half", 1)
        act()


def test_a_statement_runs_with_its_values_and_with_what_stands_in_it(store: Store) -> None:
    insert = Prepared(lambda: sa.insert(Setting), ("name", "value"))
    read = Prepared(
        lambda: (
            sa.select(Setting.value)
            .where(Setting.name == sa.bindparam("of"), Setting.value != "hidden")
            .limit(1)
        )
    )
    with store.write() as txn:
        insert.run(txn, {"name": "one", "value": "1"})
        insert.run_each(txn, [{"name": "two", "value": "2"}, {"name": "three", "value": "hidden"}])
        assert read.run(txn, {"of": "one"}).fetchall() == [("1",)]
        assert read.run(txn, {"of": "two"}).fetchall() == [("2",)]
        assert read.run(txn, {"of": "three"}).fetchall() == []


def test_a_value_that_is_missing_is_told_and_no_earlier_one_is_taken(store: Store) -> None:
    insert = Prepared(lambda: sa.insert(Setting), ("name", "value"))
    with store.write() as txn:
        insert.run(txn, {"name": "one", "value": "1"})
        with pytest.raises(dbapi2.ProgrammingError):
            insert.run(txn, {"name": "two"})


def test_of_a_record_that_fails_nothing_stays_and_the_rest_does(store: Store) -> None:
    insert = Prepared(lambda: sa.insert(RecordRev), ("type", "id", "rev"))
    with store.write() as txn:
        sync_state.put_rev(txn, "policy", "before", 1)

        def twice() -> None:
            insert.run(txn, {"type": "policy", "id": "before", "rev": 2})

        def fail() -> None:
            raise KeyError

        for act, told in ((twice, "contradicts itself"), (fail, None)):
            with pytest.raises((ValueError, KeyError), match=told):
                half_way(txn, act)
        with sync_state.whole_or_nothing(txn):
            sync_state.put_rev(txn, "policy", "after", 1)
    with store.read() as txn:
        assert sync_state.known_revs(txn) == {("policy", "before"): 1, ("policy", "after"): 1}


def test_when_the_database_gave_up_the_whole_transaction_its_own_error_is_told(store: Store) -> None:
    def give_up() -> None:
        txn.driver.execute("ROLLBACK")
        raise RuntimeError("gave up")

    with pytest.raises(RuntimeError, match="gave up"), store.write() as txn:
        half_way(txn, give_up)
