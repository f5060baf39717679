"""One file for each invariant: `INVARIANT`, and `violations`, which yields what each is about and a sentence."""
