"""Words of a mail: HTML, encodings, attachments, and mails that were made to do harm."""

from email.message import EmailMessage

import pytest

from domain.core.refusal import Misused
from domain.correspondence.replies import own_words
from orchestrator.desk.correspondence.mail import LARGEST_ANSWER, MOST_PARTS, words_of


def mail(text: str | None = None, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann <ann@example.org>", "Re: Tin Roof"
    for name, value in headers.items():
        message[name] = value
    if text is not None:
        message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html") if text is not None else message.set_content(html, "html")
    return message


def test_the_plain_text_of_a_mail_is_read_and_its_headers_and_attachments_are_not() -> None:
    message = mail("1:12 vocal louder; schön\n", "<p>in HTML</p>")
    message.add_attachment("9:00 from an attachment", filename="notes.txt")
    assert words_of(message.as_bytes()).strip() == "1:12 vocal louder; schön"


def test_html_becomes_lines_without_what_it_quotes_scripts_or_hides_in_a_signature() -> None:
    html = (
        "<html><head><title>no</title><style>p{}</style></head><body><p>1:12 vocal&nbsp;louder</p><div>2:00 &lt;dry&gt;"
        "<br>fine</div><script>no()</script><div class='gmail_signature'>no</div>"
        "<div class='gmail_quote'><div>no</div> no <blockquote>no</blockquote></div></body></html>"
    )
    lines = [" ".join(line.split()) for line in words_of(mail(html=html).as_bytes()).splitlines() if line.strip()]
    assert lines == ["1:12 vocal louder", "2:00 <dry>", "fine"]


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16", "no-such-charset"])
def test_a_text_is_read_in_its_encoding_and_an_unknown_one_is_guessed(charset: str) -> None:
    known = charset if charset != "no-such-charset" else "utf-8"
    body = "schöner bitte".encode(known)
    raw = b"From: a\r\nContent-Type: text/plain; charset=" + charset.encode() + b"\r\n\r\n" + body
    if charset != "utf-16":  # its bytes need base64 in a mail, as a program would write them
        assert words_of(raw) == "schöner bitte"
    assert words_of(body, is_mail=False).replace("\ufeff", "") == "schöner bitte"


def test_a_pasted_text_is_no_mail_though_it_has_colons() -> None:
    assert words_of(b"1:12 louder\nNote: fine") == "1:12 louder\nNote: fine"


def test_mails_that_were_made_to_do_harm_are_refused_or_read_within_bounds() -> None:
    nested = b"From: a\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000)
    )
    many = b"From: a\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (MOST_PARTS + 10) + b"--b--\n"
    for raw in (nested, many, b"From: a\nContent-Type: image/png\n\nx", b"x" * (LARGEST_ANSWER + 1)):
        with pytest.raises(Misused):
            words_of(raw)
    deep = b"From: a\nContent-Type: text/html\n\n" + b"<div>" * 50_000 + b"1:12 louder"
    assert own_words(words_of(deep)).strip() == "1:12 louder"
    assert "\x00" not in words_of(b"a\x00b")
