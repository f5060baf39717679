"""One file for each invariant: `INVARIANT`, its number, and `violations`, which yields what it is about and a sentence."""
