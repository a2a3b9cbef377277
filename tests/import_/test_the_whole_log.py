"""The same on the whole log, wherever it is at hand; it does not belong in the repository."""

import os
from pathlib import Path
from time import process_time

from servicedesk.actions.desk import Desk
from servicedesk.core.servicenow.account import Outcome
from tests.architecture.source import TOP
from tests.import_.logs import bring, differences, is_accounted

FILE = Path(os.environ.get("SERVICEDESK_REAL_LOG") or TOP.parent / "shared" / "real" / "servicenow_incident_log.csv")

if FILE.is_file():

    def test_five_hundred_incidents_come_in_whole_and_quickly(desk: Desk) -> None:
        started = process_time()
        imported = bring(desk, FILE.read_bytes())
        assert process_time() - started < 10
        assert is_accounted(imported, 3411)
        assert imported.incidents == {"new": 500}
        assert imported.account.counts()[Outcome.REFUSED] == 0
        assert differences(desk) == []
        assert bring(desk, FILE.read_bytes()).incidents == {"unchanged": 500}
