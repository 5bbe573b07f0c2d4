"""`mailsync run` as it is, with one thing added: SIGUSR1 has it collect its garbage.

python -m bench.watching.collected_run
"""

import gc
import signal

from cli.main import run


def collect(*_: object) -> None:
    """All generations."""
    gc.collect()


if __name__ == "__main__":
    signal.signal(signal.SIGUSR1, collect)
    run(["run"])
