"""Roles of sounds in a song, guessed from names, with their usual level and treatment in a mix.

Levels are in LU relative to the lead vocal.  All values are one engineer's starting points, not rules, and the draft
says so in its comments.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from domain.recipe import ToneBand


@dataclass(frozen=True, slots=True)
class DraftCompression:
    """A compressor relative to the measured peak: its threshold is ``under_peak_db`` below it."""

    ratio: float
    attack_ms: int
    release_ms: int
    under_peak_db: float


FAMILIES = {
    "drums": {"kick", "snare", "tom", "hi-hat", "overhead", "room microphone", "percussion", "drums"},
    "vocals": {"vocal", "backing vocal"},
}


@dataclass(frozen=True, slots=True)
class Role:
    """The usual treatment of one kind of sound.

    Attributes:
        name: for people.
        words: words in the name of a track, part or instrument that give the role; a ``*`` at an end matches anything.
        level_lu: level in LU relative to the lead vocal.
        high_pass_hz: the sound has no content below this frequency.
        eq: first corrections.
        compression: compressor; None for none.
        send_db: send level to the reverb bus; None for none.
        pan: distance from the centre of mono tracks, alternating left and right.
        glues: True if the compression is for the whole part, not for each track.
        room: reverb bus of the send.
        mixed: False for what musicians and engineers hear and no listener does: a click, a count-in, talkback.
    """

    name: str
    words: str
    level_lu: float
    high_pass_hz: int
    eq: tuple[ToneBand, ...] = ()
    compression: DraftCompression | None = None
    send_db: float | None = None
    pan: float = 0.0
    glues: bool = False
    room: str = "room"
    mixed: bool = True

    @property
    def family(self) -> str:
        """Group of the role: ``drums`` or ``vocals``; empty for none."""
        return next((family for family, roles in FAMILIES.items() if self.name in roles), "")


def _bell(hz: int, gain_db: str) -> ToneBand:
    return ToneBand(hz=Decimal(hz), gain_db=Decimal(gain_db), q=Decimal(1))


LEVELLING = DraftCompression(3, 8, 120, 12.0)
HOLDING = DraftCompression(4, 20, 150, 10.0)
HITTING = DraftCompression(4, 3, 80, 12.0)
TAMING = DraftCompression(2.5, 15, 120, 9.0)
GLUE = DraftCompression(2, 30, 150, 8.0)

WARM = _bell(300, "-1.5")
AIR = ToneBand(type="high_shelf", hz=Decimal(10_000), gain_db=Decimal("1.5"))

ROLES = (
    Role("kick", "kick* *kick kik kck bd bassdrum", -3, 30, (_bell(350, "-3"),), HITTING),
    Role("cue", "click* clk clik metronom* metro countin countoff count talkback tb slate smpte ltc timecode",
         0, 30, mixed=False),
    Role("snare", "snare* *snare snr* sn sd", -3, 90, (_bell(5000, "1.5"),), HITTING, -18, room="plate"),
    Role("tom", "tom toms floor* flr rack", -6, 60, (_bell(400, "-3"),), None, -18, 0.3),
    Role("hi-hat", "hihat* hh hat hats ride", -15, 250, (), None, None, 0.3),
    Role("overhead", "overhead* ovhd ovh oh ohs ohl ohr cymbal* cym crash*", -7, 150, (), None, None, 0.8),
    Role("room microphone", "room* ambience amb", -13, 60, (), TAMING, None, 0.7),
    Role("backing vocal", "bvox bv bvs bgv* bgvox bgvocal* backvox backvocal* choir* chor backing* background* "
         "harmony harmonies harm harms", -8, 120, (AIR,), LEVELLING, -12, 0.4, room="plate"),
    Role("vocal", "vocal* *vocal *vocals vox voxs *vox voc vocs voice* singer* singing gesang stimme voix chant rap",
         0, 90, (_bell(250, "-1.5"), AIR), LEVELLING, -16, room="plate"),
    Role("bass", "bass* *bass kontrabass contrabass", -2, 35, (_bell(250, "-2"),), HOLDING),
    Role("percussion", "perc percussion shaker* shkr tamb* conga* bongo* clap* tabla cajon", -9, 120, (), None, -18,
         0.4),
    Role("drums", "drum* kit schlagzeug batterie beat* loop* breakbeat", 0, 30, (), GLUE, -24, 0.0, glues=True),
    Role("acoustic guitar", "acoustic* ac acg acgtr agtr ukulele mandolin banjo", -6, 90, (WARM,), TAMING, -18, 0.4),
    Role("guitar", "guit* *guitar *guitars gtr* *gtr *gtrs git gitarre* strat tele", -5, 90, (WARM,), None, -20, 0.5),
    Role("keys", "key* piano* pno klavier rhodes wurli* organ* orgel synth* pad* ep", -6, 60, (WARM,), None, -18, 0.3),
    Role("strings", "string* strgs violin* viola* cello* geige* streicher", -8, 80, (), None, -14, 0.3, room="plate"),
    Role("horns", "horn* brass trumpet* tpt trombone* sax* tuba flute* clarinet* bläser", -6, 80, (), TAMING, -16, 0.3),
)  # fmt: skip
OTHER = Role("sound", "", -7, 40, (), None, -20)


def role_of(*names: str) -> Role:
    """The role by the first of *names* that gives one; several matches in one name follow the order of ROLES."""
    return next((role for name in names for role in _roles_in(name)), OTHER)


def _roles_in(name: str) -> Iterable[Role]:
    words = {*_words(name), *_words(_CAMEL.sub(" ", name))}
    return (role for role in ROLES if any(_answers(word, words) for word in role.words.split()))


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
"""The places at which ``LeadVox``, ``BGVox`` and ``CrashCymbal`` fall into words."""


def _words(name: str) -> set[str]:
    """The words of a name, and each two that follow one another as one: bass drum, hi-hat, talk-back."""
    words = re.findall(r"[^\W\d_]+", name.casefold())
    return {*words, *(first + second for first, second in pairwise(words))}


def _answers(word: str, spoken: set[str]) -> bool:
    if word.endswith("*"):
        return any(one.startswith(word[:-1]) for one in spoken)
    if word.startswith("*"):
        return any(one.endswith(word[1:]) for one in spoken)
    return word in spoken


LEFT, RIGHT = {"l", "left", "links", "ohl"}, {"r", "right", "rechts", "ohr"}


def side_of(track: str) -> int:
    """-1 if the last word of a track's name means left, 1 for right, else 0; numbers after it are ignored."""
    last = set(re.findall(r"[^\W\d_]+", _CAMEL.sub(" ", track).casefold())[-1:])
    return -1 if last & LEFT else 1 if last & RIGHT else 0
