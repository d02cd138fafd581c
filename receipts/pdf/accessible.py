"""Finishes a drawn receipt for screen readers, so that it is PDF/UA-1 beside PDF/A-3a.

WeasyPrint writes the name of one standard only, drops `lang`, and measures a picture's place in
CSS pixels from the top of the page, where a PDF counts points from its foot.
"""

from collections.abc import Iterator
from typing import Any

import pydyf

FOOT_LANGUAGES = ("ms", "en")
_POINTS = 0.75  # in a CSS pixel

# PDF/A (ISO 19005-3, 6.6.2.3.2) knows no words but its own: others are described where they stand.
_IDENTIFICATION = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that is met</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
_END = b"</rdf:RDF>"


def finish(document: Any, pdf: pydyf.PDF) -> None:
    """WeasyPrint's `finisher`: mends what is about to be written."""
    _identify(pdf)
    elements = [one for one in pdf.objects if isinstance(one, dict) and "S" in one and "P" in one]
    _place_pictures(elements, page_height=document.pages[0].height)
    _name_languages(pdf, elements)


def _identify(pdf: pydyf.PDF) -> None:
    metadata = _referred(pdf, pdf.catalog["Metadata"])
    before, end, after = metadata.stream[0].rpartition(_END)
    assert end, "the metadata is not what WeasyPrint wrote so far"
    metadata.stream[0] = before + _IDENTIFICATION + end + after


def _place_pictures(elements: list[Any], *, page_height: float) -> None:
    for picture in (one for one in elements if one["S"] == "/Figure"):
        left, top, right, bottom = picture["A"]["BBox"]
        corners = (left, page_height - bottom, right, page_height - top)
        picture["A"]["BBox"] = pydyf.Array(round(_POINTS * corner, 3) for corner in corners)


def _name_languages(pdf: pydyf.PDF, elements: list[Any]) -> None:
    """The foot says one sentence in both languages, whichever the receipt has."""
    (whole,) = (one for one in elements if one["S"] == "/Document")
    *_page, foot, _number = _children(pdf, whole)
    for sentence, language in zip(_children(pdf, foot), FOOT_LANGUAGES, strict=True):
        sentence["Lang"] = pydyf.String(language)


def _children(pdf: pydyf.PDF, element: Any) -> Iterator[Any]:
    return (_referred(pdf, one) for one in element["K"])


def _referred(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]
