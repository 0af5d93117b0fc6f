"""What an operator watches, in Prometheus' form. Counts only: no name of a center, a person or a call."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from regional.ordering import Outcome

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters of one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.results = Counter(
            "regional_results", "Pushed entries by what became of them", ["verdict"], registry=self._registry
        )
        self.refusals = Counter("regional_refusals", "Refused entries by reason", ["reason"], registry=self._registry)
        self.commits = Histogram(
            "regional_commit_seconds",
            "From taking a group of pushes to its commit",
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5),
            registry=self._registry,
        )
        self.group = Histogram(
            "regional_group_pushes", "Pushes in one commit", buckets=(1, 2, 4, 8, 16, 32, 64), registry=self._registry
        )
        self.connections = Gauge("regional_connections", "Desks connected", registry=self._registry)
        self.pages = Counter("regional_pages", "Pages sent as entries were ordered", registry=self._registry)
        self.slow = Counter("regional_slow_connections", "Connections ended for being slow", registry=self._registry)
        self.epoch = Gauge("regional_epoch", "The number of the server's history", registry=self._registry)
        self.epochs_begun = Counter("regional_epochs_begun", "Times the server was set back", registry=self._registry)
        self.epochs_held = Counter(
            "regional_epochs_held", "Epochs that a desk may not begin yet: it began one lately", registry=self._registry
        )
        self.requests = Counter("regional_requests", "Requests by status", ["status"], registry=self._registry)

    def committed(self, outcome: Outcome, seconds: float) -> None:
        """Count what a transaction did."""
        self.commits.observe(seconds)
        self.group.observe(len(outcome.results))
        for results in outcome.results:
            for result in results:
                self.results.labels(result.verdict.value).inc()
                if result.refusal is not None:
                    self.refusals.labels(result.refusal.value).inc()

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)
