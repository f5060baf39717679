"""What clients saw of a broker, and what must never be in it: the one judge of all fault tests.

A history is a file of JSON lines, written while clients call and the broker is killed, cut off or starved (`log`). It
is read into events (`reading`, `events`) and judged by one file for each invariant (`invariants`):

    python Tests/EndToEnd/history FILE

prints what is wrong with a history that was kept. Times are `time.monotonic()` of one machine. An operation takes
effect at one moment between its start and its end; one with an unknown outcome takes effect at some moment after its
start and before the broker went down, or never.
"""
