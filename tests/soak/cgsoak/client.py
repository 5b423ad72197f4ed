# SPDX-License-Identifier: Apache-2.0
"""What the clients of both protocols have in common."""

import random

from .tally import Judge, Tally

TIMEOUT = 60


class Client:
    """now: Generations.now. bare: the server has no module. rounds: batches over one connection, at most. A kind of
    client has its own number of them, the sizes of a batch, and ask(requests)."""

    rounds = 0
    sizes = range(0)

    def __init__(self, port, requests, now, seed, bare=False, rounds=0):
        self.port = port
        self.requests = requests
        self.weights = [request.weight for request in requests]
        self.now = now
        self.random = random.Random(seed)
        self.rounds = rounds or self.rounds
        self.tally = Tally()
        self.judge = Judge(self.tally, bare)
        self.connection = None

    def run(self, goes_on):
        """Asks until goes_on() is no longer true."""
        while goes_on():
            for _ in range(1 + self.random.randrange(self.rounds)):
                if goes_on():
                    self.ask(self.random.choices(self.requests, self.weights, k=self.random.choice(self.sizes)))
            self.leave()
        return self.tally

    def leave(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def fail(self, how, count=1):
        if count:
            self.tally.failed[how] += count
