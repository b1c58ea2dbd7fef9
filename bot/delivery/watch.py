"""What an operator wants to know, counted without a name: turns, how long they took, what was sent and at what cost."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from bot.channels.gateway import Sending
from bot.channels.sms.text import segments
from bot.messages import SMS, Delivery

SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


TAKEN = (Delivery.SENT, Delivery.DELIVERED, Delivery.UNCERTAIN)
"""What a gateway has, or may have, and counts to the operator's cost."""

CENTS_IN_A_EURO = 100


class Watch:
    """Prometheus metrics of one process; no label holds anything of a person.

    `cents`: the price of one SMS segment by gateway, as far as the operator told it.
    """

    def __init__(self, cents: Mapping[str, float] | None = None) -> None:
        self._cents = cents or {}
        self._registry = CollectorRegistry()
        self._turns = Counter("aiguilleur_turns", "Turns played", ["channel"], registry=self._registry)
        self._seconds = Histogram(
            "aiguilleur_turn_seconds", "Time that a turn took", ["channel"], buckets=SECONDS, registry=self._registry
        )
        self._answers = Counter("aiguilleur_answers", "Messages made", ["channel"], registry=self._registry)
        self._sent = Counter(
            "aiguilleur_sent", "Attempts to send, by what became of them", ["gateway", "state"], registry=self._registry
        )
        self._segments = Counter("aiguilleur_sms_segments", "SMS segments sent", ["gateway"], registry=self._registry)
        self._euros = Counter("aiguilleur_cost_euros", "Price of these segments", ["gateway"], registry=self._registry)
        self._waiting = Gauge("aiguilleur_waiting", "What waits now", ["what"], registry=self._registry)

    def turn(self, channel: str, seconds: float, answers: int) -> None:
        """Count a turn."""
        self._turns.labels(channel).inc()
        self._seconds.labels(channel).observe(seconds)
        self._answers.labels(channel).inc(answers)

    def sent(self, gateway: str, channel: str, text: str, sending: Sending) -> None:
        """Count an attempt to send."""
        self._sent.labels(gateway, sending.state.value).inc()
        if channel == SMS and sending.state in TAKEN:
            count = segments(text)
            self._segments.labels(gateway).inc(count)
            if gateway in self._cents:
                self._euros.labels(gateway).inc(count * self._cents[gateway] / CENTS_IN_A_EURO)

    def page(self, gauges: dict[str, float]) -> bytes:
        """Return the text that Prometheus reads."""
        self._waiting.clear()  # a state in which nothing is any more must not keep its last number
        for name, value in gauges.items():
            self._waiting.labels(name).set(value)
        return generate_latest(self._registry)
