"""A shipped definition, broken in every way that the model check has a rule for."""

from tests.core.breaks.custody import CUSTODY
from tests.core.breaks.damage import Case
from tests.core.breaks.states import STATES
from tests.core.breaks.steps import STEPS
from tests.core.breaks.ways import WAYS

BREAKS: list[Case] = [*WAYS, *STATES, *CUSTODY, *STEPS]
