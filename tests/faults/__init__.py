"""Chat under faults: clients that behave as the contract says, what is done to them, and what must be true at the end.

The clients and the proxies live on one event loop in a thread (`traffic`). What stops and starts servers blocks, and
runs in the test's own thread (`disasters`), which servers must be started from, as they end with it.
"""
