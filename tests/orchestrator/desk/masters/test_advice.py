"""Effect of a streaming service on a file of a master, depending on the file's measurements."""

from orchestrator.desk.masters.masters import advised

FILE = {"target": "cd", "number": 1, "song": "night-bus/tin-roof"}


def test_a_file_that_was_never_measured_is_told_of_in_a_sentence() -> None:
    assert advised(FILE, "Spotify")["advice"] == "it was not measured when it was rendered: master check measures it"
    half = advised({**FILE, "integrated_lufs": "-14.00"}, "Spotify")
    assert "master check" in str(half["advice"])


def test_silence_is_left_as_it_is_and_what_is_measured_is_advised() -> None:
    silent = advised({**FILE, "integrated_lufs": None, "true_peak_dbtp": None}, "Spotify")
    assert silent["advice"] == "silence is left as it is"
    loud = advised({**FILE, "integrated_lufs": "-12.00", "true_peak_dbtp": "-1.00"}, "Spotify")
    assert str(loud["advice"]).startswith("turned down by 2")
