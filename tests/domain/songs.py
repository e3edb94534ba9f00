"""A song in memory with a form: intro, verse1, chorus1, verse2, outro; short, so that every frame can be checked."""

from domain.song import arrangement
from domain.song.arrangement import Arrangement
from domain.song.form import Section, SongFormed, read_sections
from domain.song.song_edit import SongEdit, edit_song
from tests.domain.paper import ROOF, Paper

FORM = ("intro=0", "verse1=100", "chorus1=300", "verse2=450", "outro=700", "end=800")


def sections(*words: str) -> tuple[Section, ...]:
    """Sections whose times are frames."""
    return read_sections(words or FORM, int)


def formed(*words: str) -> Arrangement:
    return Arrangement(sections=sections(*words))


def edited(there: Arrangement, *wishes: SongEdit) -> Arrangement:
    """The arrangement after *wishes*."""
    for wish in wishes:
        for event in edit_song(there, wish, song=ROOF, by="pat", role="producer"):
            there = arrangement.evolve(there, event)
    return there


def form_on(paper: Paper, *words: str) -> None:
    """Give the song on *paper* a form."""
    paper.say(SongFormed(song=ROOF, sections=sections(*words)))


def edit_on(paper: Paper, wish: SongEdit, by: str = "pat") -> None:
    """Edit the song on *paper*."""
    paper.say(*edit_song(paper.state.arrangement(ROOF), wish, song=ROOF, by=by, role="producer"), by=by)
