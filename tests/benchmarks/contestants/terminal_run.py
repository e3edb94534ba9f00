"""Arguments KEYS PROCESSOR_S PATIENCE_S WORDS…: a command on a terminal of its own, a key pressed at each question.

Prints one line of JSON: seconds of each key until the next question is complete, processor seconds of the command, its
peak of memory, and how many questions came.  A program of its own, so that the memory of nothing larger is inherited.
"""

import json
import os
import pty
import resource
import select
import subprocess
import sys
import time

QUESTION_ENDS = "(q)uit ? "
KEEP = "(k)eep"


class Conversation:
    """A command on its terminal, followed question by question."""

    def __init__(self, words: list[str], processor_s: int, patience_s: float) -> None:
        ours, theirs = pty.openpty()
        env = os.environ | {"TERM": "dumb"}
        self.process = subprocess.Popen(words, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
        resource.prlimit(self.process.pid, resource.RLIMIT_CPU, (processor_s, processor_s))
        os.close(theirs)
        self._ours, self._until, self._seen = ours, time.monotonic() + patience_s, ""

    def question(self) -> str | None:
        """The text up to the end of the next question; None at the end of the command, or of our patience."""
        while QUESTION_ENDS not in self._seen:
            if time.monotonic() > self._until:
                self.process.kill()
                return None
            if select.select([self._ours], [], [], 0.5)[0]:
                try:
                    self._seen += os.read(self._ours, 65_536).decode(errors="replace")
                except OSError:  # the other side is closed
                    return None
        question, _, self._seen = self._seen.partition(QUESTION_ENDS)
        return question

    def press(self, key: str) -> None:
        os.write(self._ours, key.encode())


def main() -> None:
    keys, processor_s, patience_s, words = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]
    started, talk, times = time.perf_counter(), Conversation(words, processor_s, patience_s), list[float]()
    question, questions = talk.question(), 0
    while question is not None and len(times) < keys:
        questions += 1
        began = time.perf_counter()
        talk.press("k" if KEEP in question else "s")
        question = talk.question()
        if question is not None:
            times.append(time.perf_counter() - began)
    if question is not None:
        questions += 1
        talk.press("q")
    _, status, used = os.wait4(talk.process.pid, 0)
    print(
        json.dumps(
            {
                "keys_s": times, "questions": questions, "code": os.waitstatus_to_exitcode(status),
                "processor_s": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024,
                "wall_s": time.perf_counter() - started,
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
