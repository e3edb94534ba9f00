"""Words of a mail, or of a pasted text, whoever wrote it: parsed within bounds, never shown as markup."""

from email import message_from_bytes, policy
from email.message import Message
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

from domain.core.refusal import Misused

LARGEST_ANSWER: Final = 16 * 1024 * 1024
"""Bytes of a message; one with attached audio is larger, and its text can be pasted."""
MOST_PARTS: Final = 200
LARGEST_TEXT: Final = 2 * 1024 * 1024
"""Bytes of one text part of a mail."""
HEAD: Final = (
    b"from", b"to", b"subject", b"date", b"received", b"return-path", b"message-id", b"mime-version", b"delivered-to",
    b"content-type", b"x-", b"dkim-signature", b"authentication-results", b"arc-",
)  # fmt: skip
"""Beginnings of the first header of a mail."""
BLOCKS: Final = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "ul", "ol", "table", "hr", "pre"})
UNHEARD: Final = frozenset({"script", "style", "head", "title", "blockquote", "template"})
"""Elements whose text is not the writer's: programs quote in ``blockquote``."""
QUOTING: Final = (
    "gmail_quote", "moz-cite-prefix", "yahoo_quoted", "divRplyFwdMsg", "gmail_signature", "protonmail_quote",
)  # fmt: skip
"""Classes and ids by which mail programs mark what they quote, and signatures."""
VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "area", "base", "col", "embed", "source", "wbr"})
DEEPEST: Final = 400
"""Open elements of HTML that are followed; deeper ones are taken as text of these."""


def words_of(data: bytes, *, is_mail: bool | None = None) -> str:
    """The words in *data*, a mail or a plain text.

    Args:
        data: as it came.
        is_mail: None to tell by its first line.

    Raises:
        Misused: ``answer.long``; it is larger than is read.  ``answer.mail``; a mail holds no text.
    """
    if len(data) > LARGEST_ANSWER:
        raise Misused(
            "answer.long", f"the message has {len(data):,} bytes; at most {LARGEST_ANSWER:,} are read",
            next="paste its text instead",
        )  # fmt: skip
    if is_mail if is_mail is not None else _looks_like_mail(data):
        return _mail_words(data)
    return _decoded(data, None)


def _looks_like_mail(data: bytes) -> bool:
    first = data.lstrip(b"\xef\xbb\xbf\r\n ").split(b"\n", 1)[0].lower()
    name, colon, _ = first.partition(b":")
    return bool(colon) and b" " not in name and name.startswith(HEAD) and b"\n" in data.strip()


def _mail_words(data: bytes) -> str:
    try:
        message = message_from_bytes(data, policy=policy.compat32)
        texts = _texts(message)
    except (RecursionError, LookupError, ValueError, TypeError, AssertionError, AttributeError) as error:
        raise _no_text(f"it cannot be read ({type(error).__name__})") from None
    plain = [text for kind, text in texts if kind == "text/plain" and text.strip()]
    html = [text for kind, text in texts if kind == "text/html"]
    if plain:
        return "\n".join(plain)
    if html:
        return "\n".join(_plain_words(text) for text in html)
    raise _no_text("it holds no text")


def _no_text(reason: str) -> Misused:
    return Misused("answer.mail", f"the mail is not understood: {reason}", next="paste its text instead")


def _texts(message: Message) -> list[tuple[str, str]]:
    """Type and text of each text part that is not attached, of the mail itself and of no mail that it forwards."""
    texts: list[tuple[str, str]] = []
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop(0)
        seen += 1
        if seen > MOST_PARTS:
            raise _no_text(f"it has more than {MOST_PARTS} parts")
        kind = part.get_content_type()
        if kind == "message/rfc822":
            continue
        payload = part.get_payload()
        if part.is_multipart() and isinstance(payload, list):
            waiting = [*(one for one in payload if isinstance(one, Message)), *waiting]
        elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment":
            decoded = part.get_payload(decode=True)
            if isinstance(decoded, bytes):
                texts.append((kind, _decoded(decoded[:LARGEST_TEXT], part.get_content_charset())))
    return texts


def _decoded(data: bytes, charset: str | None) -> str:
    """*data* as text: in *charset*, if it is a known one, else UTF-8, else Windows-1252, which decodes nearly all."""
    for name in (charset, "utf-8-sig"):
        try:
            if name:
                return data.decode(name).replace("\x00", "")
        except (LookupError, ValueError):
            continue
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", errors="replace")
    return data.decode("cp1252", errors="replace").replace("\x00", "")


def _plain_words(html: str) -> str:
    reader = _HtmlWords()
    reader.feed(html)
    reader.close()
    return "".join(reader.pieces)


class _HtmlWords(HTMLParser):
    """Collects the text of HTML as lines; what mail programs quote is left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.pieces.append("\n")
        if tag not in VOID and len(self._open) < DEEPEST:
            marks = " ".join(value or "" for name, value in attrs if name in {"class", "id"})
            self._open.append((tag, tag in UNHEARD or any(mark in marks for mark in QUOTING)))

    @override
    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]
        if tag in BLOCKS:
            self.pieces.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not any(unheard for _, unheard in self._open):
            self.pieces.append(" ".join(data.split(" ")).replace("\n", " "))
