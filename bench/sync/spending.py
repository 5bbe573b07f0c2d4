"""What a piece of work took: seconds on the clock, and CPU seconds of all processes that we started for it.

On a shared machine the clock tells what the neighbours did as well; CPU time hardly does. Both are printed.
"""

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the clock and of CPU."""

    seconds: float
    cpu: float


def run_command(
    command: Sequence[str], *, said: str = "", environment: Mapping[str, str] = os.environ
) -> tuple[Spent, str]:
    """Run a program to its end: what it and its children took, and what it printed. One that fails ends the run."""
    cpu, started = _cpu_of_children(), time.perf_counter()
    done = subprocess.run(command, env=environment, input=said, capture_output=True, text=True)
    spent = Spent(time.perf_counter() - started, _cpu_of_children() - cpu)
    demand(done.returncode == 0, f"{' '.join(command)} failed: {done.stdout[-500:]}{done.stderr[-1500:]}")
    return spent, done.stdout


def demand(holds: bool, otherwise: str) -> None:
    """End the run with that sentence unless it holds: a figure of half of the work is worse than none."""
    if not holds:
        raise SystemExit(otherwise)


def _cpu_of_children() -> float:
    """Of children that ended, and of theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
