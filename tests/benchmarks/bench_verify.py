"""What proving costs: `python -m tests.benchmarks.bench_verify`.

An installation is generated on each database, and proved twice: before anything has been told of it, and when the
change feed has told all of it, which is half as many rows again. Events a second of one core, the program's start
apart; the most memory it took. Beside it what making a ticket, and telling of it, took.
"""

import time

from servicedesk.actions.desk import Desk
from servicedesk.actions.generate.making import Size, generate
from servicedesk.actions.sequencing import sequence
from servicedesk.store.engine import make_engine
from tests.benchmarks.figures import Figure, Place, options, place, record, tell, unable
from tests.benchmarks.proving import proved
from tests.support.desk import fill

TICKETS, FEW = 10_000, 200


def main() -> None:
    asked = options(__doc__).parse_args()
    size = FEW if asked.quick else TICKETS
    for kind in asked.database:
        with place(kind) as found:
            line = unable("verify", kind) if found is None else record("verify", kind, size, measured(found, size))
        tell(line, keep_it=asked.record)


def measured(found: Place, size: int) -> list[Figure]:
    desk = Desk(make_engine(found.url))
    fill(desk)
    began = time.process_time()
    generate(desk, Size.of(size), seed=1)
    made = time.process_time()
    figures = [Figure("processor of a ticket generated", 1000 * (made - began) / size, "ms")]
    figures += [named(one, "nothing told") for one in proved(found.url, found.folder)]
    began = time.process_time()
    sequence(desk)
    figures.append(Figure("processor of a ticket told of", 1000 * (time.process_time() - began) / size, "ms"))
    desk.engine.dispose()
    return figures + [named(one, "all told") for one in proved(found.url, found.folder)]


def named(one: Figure, when: str) -> Figure:
    return Figure(f"{one.what}, {when}", one.value, one.unit, one.goal, at_most=one.at_most)


if __name__ == "__main__":
    main()
