"""Small documents as programs write them, made by hand: what is in them is in sight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile
from zlib import compress

from pypdfium2 import PdfBitmap, PdfDocument

from articles.errors import ArticleFault
from extraction.formats.parse import parse

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:dcterms="http://purl.org/dc/terms/">{}</cp:coreProperties>'
)


def read_or_fault(data: bytes, path: str) -> None:
    """Read it, which nothing but a fault of its own may end.

    A module that is missing is one that was not loaded before its reader was confined.
    """
    reason = ""
    try:
        parse(data, path)
    except ArticleFault as fault:
        reason = fault.reason
    assert "Module" not in reason


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content, ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def paragraph(text: str, style: str = "") -> str:
    """Return a paragraph of Word's."""
    kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{kind}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def docx(
    paragraphs: Sequence[str],
    *,
    core: str = "",
    styles: str = "",
    more: Mapping[str, str] | None = None,
) -> bytes:
    """Return a Word document with these paragraphs, as XML."""
    body = f'<w:document xmlns:w="{_W}"><w:body>{"".join(paragraphs)}</w:body></w:document>'
    members = {"[Content_Types].xml": "<Types/>", "word/document.xml": body, **(more or {})}
    if core:
        members["docProps/core.xml"] = _CORE.format(core)
    if styles:
        members["word/styles.xml"] = f'<w:styles xmlns:w="{_W}">{styles}</w:styles>'
    return packed(members)


def odt(
    body: str, *, styles: str = "", meta: str = "", more: Mapping[str, str] | None = None
) -> bytes:
    """Return an OpenDocument text with that body, as XML; ``styles`` are automatic ones."""
    names = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("office", "text", "style", "table"))
    content = (
        f"<office:document-content {names}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body>{body}</office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.text"
    head = '<m xmlns:dc="urn:dc" xmlns:meta="urn:meta">'
    described = {"meta.xml": f"{head}{meta}</m>"} if meta else {}
    return packed({"mimetype": mimetype, "content.xml": content, **described, **(more or {})})


def epub(chapters: Sequence[str], *, meta: str = "") -> bytes:
    """Return a book with these chapters, the bodies of XHTML."""
    items = "".join(f'<item id="c{n}" href="text/c%20{n}.xhtml"/>' for n in range(len(chapters)))
    order = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        f'<package xmlns:dc="urn:dc"><metadata>{meta}</metadata><manifest>{items}</manifest>'
        f"<spine>{order}</spine></package>"
    )
    files = {
        f"OEBPS/text/c {n}.xhtml": f"<html><head><title>x</title></head><body>{body}</body></html>"
        for n, body in enumerate(chapters)
    }
    container = '<container><rootfile full-path="OEBPS/p.opf"/></container>'
    known = {"mimetype": "application/epub+zip", "META-INF/container.xml": container}
    return packed({**known, "OEBPS/p.opf": package, **files})


#: Where it stands on a page, in points from the left and from the foot, its size, and the text.
Placed = tuple[float, float, float, str]


def pdf(pages: Sequence[Sequence[Placed]], *, info: str = "") -> bytes:
    """Return a PDF of 600 by 800 points in Times, drawn in the order given."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>")
    kids = []
    for page in pages:
        drawn = "".join(
            f"BT /F {size} Tf {x} {y} Td ({_escaped(text)}) Tj ET\n" for x, y, size, text in page
        )
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}endstream")
        kids.append(len(objects) + 1)
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>"
            f"/Contents {len(objects)} 0 R>>"
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[1] = f"<</Type/Pages/Kids[{listed}]/Count {len(kids)}>>"
    objects.append(f"<<{info}>>")
    body = "".join(f"{n} 0 obj{content}\nendobj\n" for n, content in enumerate(objects, 1))
    end = f"trailer<</Root 1 0 R/Info {len(objects)} 0 R>>\n%%EOF\n"
    return f"%PDF-1.4\n{body}{end}".encode("cp1252")


def scan(data: bytes, dpi: int = 200) -> bytes:
    """Return a PDF whose pages are pictures of the pages of another, as a scanner makes it."""
    pages = [page.render(scale=dpi / 72, grayscale=True) for page in PdfDocument(data)]
    return of_pictures([(page.width, page.height, _rows(page)) for page in pages])


def _rows(page: PdfBitmap) -> bytes:
    pixels, stride = bytes(page.buffer), page.stride
    return b"".join(pixels[at : at + page.width] for at in range(0, stride * page.height, stride))


def of_pictures(pictures: Sequence[tuple[int, int, bytes]], stamp: str = "") -> bytes:
    """Return a PDF of 600 by 800 points with these grey pictures: width, height, pixels.

    ``stamp``: a text at the foot of each page.
    """
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b""]
    stamped = f"\nQ BT /F 9 Tf 50 20 Td ({_escaped(stamp)}) Tj ET" if stamp else "\nQ"
    drawn = b"q 600 0 0 800 0 0 cm /I Do" + stamped.encode("cp1252")
    kids = []
    for width, height, pixels in pictures:
        packed = compress(pixels)
        head = (
            f"<</Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray"
            f"/BitsPerComponent 8/Filter/FlateDecode/Length {len(packed)}>>stream\n"
        )
        objects.append(head.encode() + packed + b"\nendstream")
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn))
        kids.append(len(objects) + 1)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</XObject<</I %d 0 R>>"
            b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>>>>>/Contents %d 0 R>>"
            % (len(objects) - 1, len(objects))
        )
    listed = b" ".join(b"%d 0 R" % kid for kid in kids)
    objects[1] = b"<</Type/Pages/Kids[%b]/Count %d>>" % (listed, len(kids))
    body = b"".join(b"%d 0 obj%b\nendobj\n" % each for each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
