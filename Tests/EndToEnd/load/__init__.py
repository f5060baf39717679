"""Clients of a whole graph of queues that do all at once, and write down what they saw (`history`)."""
