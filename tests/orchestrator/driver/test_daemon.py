"""Signals that end the standing driver; its rendering is tested through ``takesheet up``."""

import signal
import weakref

import pytest

from orchestrator.driver.daemon import EndSignals


class Watched:
    """An object that a weak reference can refer to."""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_within_a_callback_of_c_code_is_obeyed_at_the_next_check(number: signal.Signals) -> None:
    watched = Watched()
    with EndSignals() as signals:
        reference = weakref.ref(watched, lambda _gone: signal.raise_signal(number))
        del watched  # Python drops an exception raised in the callback
        assert reference() is None
        with pytest.raises(KeyboardInterrupt):
            signals.check()


def test_a_signal_that_a_script_ignores_stays_ignored_and_handlers_are_given_back() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    terminated = signal.getsignal(signal.SIGTERM)
    try:
        with EndSignals() as signals:
            signal.raise_signal(signal.SIGINT)
            signals.check()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is terminated
    finally:
        signal.signal(signal.SIGINT, before)
