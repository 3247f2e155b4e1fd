"""What the start-up hook costs every Python that starts in an environment with galaxy-communication installed.

    python benchmarks/startup_cost.py [STARTS]

Starts of this very Python with the hook and with it switched off take turns, so that whatever else the machine does
meets both alike. Each start does nothing; the time is that of the whole process, byte code being cached as on a server.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

SWITCH = "GALAXY_COMMUNICATION_AUTOLOAD"
# Says whether the hook is there, so that a run without it cannot pass for a cheap hook.
SCRIPT = "import sys; sys.exit(any(type(f).__module__ == 'galaxy_communication._autoload' for f in sys.meta_path))"


def start(switch: str) -> float:
    """Milliseconds of one start; ``switch`` is the value of the environment variable."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {SWITCH: switch}
    begun = time.perf_counter()
    status = subprocess.run([sys.executable, "-c", SCRIPT], env=env, check=False).returncode
    took = (time.perf_counter() - begun) * 1000
    if status != int(switch):
        sys.exit(f"{SWITCH}={switch}: the hook is {'there' if status else 'missing'} in {sys.executable}")
    return took


def main() -> None:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    times: dict[str, list[float]] = {"0": [], "1": []}
    for number in range(-3, starts):
        for switch, measured in times.items():
            took = start(switch)
            if number >= 0:  # the first few fill caches
                measured.append(took)
    without, with_hook = (statistics.median(measured) for measured in times.values())
    print(f"median of {starts} starts without the hook  {without:7.2f} ms")
    print(f"median of {starts} starts with the hook     {with_hook:7.2f} ms")
    print(f"the hook costs                        {with_hook - without:7.2f} ms")


if __name__ == "__main__":
    main()
