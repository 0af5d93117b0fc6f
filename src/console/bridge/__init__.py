"""The only link between Qt and the rest: workers, changes turned into signals, timers, the stall watchdog."""
