"""What a sound is in a song, guessed from its names, and how such a sound usually sits in a mix.

The levels are one engineer's starting point, in LU against the lead vocal; the rest is what a hand does first on such a
channel.  None of it is a rule, and the draft says so in its comments.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from domain.recipe import ToneBand


@dataclass(frozen=True, slots=True)
class DraftCompression:
    """A compressor relative to what was measured: ``under_peak_db`` below the sound's peak it begins to work."""

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
    """How a kind of sound sits in a mix.

    Attributes:
        name: for people.
        words: any of which in a track's, part's or instrument's name gives the role; a trailing ``*`` means any ending.
        level_lu: against the lead vocal.
        high_pass_hz: below it there is nothing of this sound.
        eq: what is taken or given first.
        compression: None where it is left alone.
        send_db: to the room; None where it stays dry.
        pan: how far from the centre the mono ones stand, left and right in turn.
        glues: whether its compression is meant for a part as a whole, not for each of its tracks.
        room: the bus it is sent to.
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

    @property
    def family(self) -> str:
        """What it is grouped with: drums or vocals; empty where it stands for itself."""
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
    Role("kick", "kick* bd bassdrum", -3, 30, (_bell(350, "-3"),), HITTING),
    Role("snare", "snare* sn sd", -3, 90, (_bell(5000, "1.5"),), HITTING, -18, room="plate"),
    Role("tom", "tom toms floor rack", -6, 60, (_bell(400, "-3"),), None, -18, 0.3),
    Role("hi-hat", "hihat hh hat hats ride", -15, 250, (), None, None, 0.3),
    Role("overhead", "overhead* oh ohl ohr cymbal*", -7, 150, (), None, None, 0.8),
    Role("room microphone", "room* ambience amb", -13, 60, (), TAMING, None, 0.7),
    Role("backing vocal", "bvox bv bvs choir* chor backing* background* harmony harmonies", -8, 120,
         (AIR,), LEVELLING, -12, 0.4, room="plate"),
    Role("vocal", "vocal* vox voc voice* singer* singing gesang stimme voix chant rap", 0, 90,
         (_bell(250, "-1.5"), AIR), LEVELLING, -16, room="plate"),
    Role("bass", "bass* kontrabass contrabass", -2, 35, (_bell(250, "-2"),), HOLDING),
    Role("percussion", "perc percussion shaker* tamb* conga* bongo* clap* tabla cajon", -9, 120, (), None, -18, 0.4),
    Role("drums", "drum* kit schlagzeug batterie beat* loop* breakbeat", 0, 30, (), GLUE, -24, 0.0, glues=True),
    Role("acoustic guitar", "acoustic ac acgtr agtr ukulele mandolin banjo", -6, 90, (WARM,), TAMING, -18, 0.4),
    Role("guitar", "guit* gtr* git gitarre* egtr strat tele", -5, 90, (WARM,), None, -20, 0.5),
    Role("keys", "key* piano* klavier rhodes wurli* organ* orgel synth* pad* ep", -6, 60, (WARM,), None, -18, 0.3),
    Role("strings", "string* violin* viola* cello* geige* streicher", -8, 80, (), None, -14, 0.3, room="plate"),
    Role("horns", "horn* brass trumpet* trombone* sax* tuba flute* clarinet* bläser", -6, 80, (), TAMING, -16, 0.3),
)  # fmt: skip
OTHER = Role("sound", "", -7, 40, (), None, -20)


def role_of(*names: str) -> Role:
    """The role that the first telling one of *names* gives; of several in one name, the one listed first."""
    return next((role for name in names for role in _roles_in(name)), OTHER)


def _roles_in(name: str) -> Iterable[Role]:
    words = re.findall(r"[^\W\d_]+", name.casefold())
    spoken = {*words, *(first + second for first, second in pairwise(words))}  # bass drum, hi-hat
    return (role for role in ROLES if any(_answers(word, spoken) for word in role.words.split()))


def _answers(word: str, spoken: set[str]) -> bool:
    if word.endswith("*"):
        return any(one.startswith(word[:-1]) for one in spoken)
    return word in spoken


LEFT, RIGHT = {"l", "left", "links", "ohl"}, {"r", "right", "rechts", "ohr"}


def side_of(track: str) -> int:
    """-1 where a track's name ends on a word for left, 1 on one for right, else 0; numbers behind it do not count."""
    last = set(re.findall(r"[^\W\d_]+", track.casefold())[-1:])
    return -1 if last & LEFT else 1 if last & RIGHT else 0
