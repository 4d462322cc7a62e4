"""Programs, links and files in Office and OpenDocument files. Runs in the child process, without Django."""

import re
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile, is_zipfile

from home.files.contents.links import is_harmful

# What is found, by the last part of the type of a relationship.
RELATIONSHIPS = {
    **dict.fromkeys(["vbaProject", "wordVbaData", "control", "activeXControlBinary"], "program"),
    **dict.fromkeys(["xlMacrosheet", "xlIntlMacrosheet"], "program"),
    **dict.fromkeys(["oleObject", "aFChunk"], "attachment"),
    **dict.fromkeys(["externalLink", "connections", "attachedTemplate", "subDocument"], "remote"),
}
PROGRAM_PARTS = re.compile(r"vbaproject|/activex|/macrosheets/|^basic/|^scripts/", re.IGNORECASE)
# Fields of Word that get their content from elsewhere, in text that is joined from all runs.
FIELDS = re.compile(r"DDE(?:AUTO)?\s|INCLUDETEXT\s|INCLUDEPICTURE\s|(?<!HYPER)LINK\s")
OPENDOCUMENT = {
    **dict.fromkeys(["event-listener", "script", "applet"], "program"),
    "plugin": "media",
    "object-ole": "attachment",
    **dict.fromkeys(["dde-source", "dde-connection-decl", "section-source"], "remote"),
}
ELSEWHERE = re.compile(r"[a-z]+:|//|\\\\", re.IGNORECASE)
XLINK = "{http://www.w3.org/1999/xlink}href"


def found_in_office(archive, is_inside=False):
    """Return the names of what is found, see `home.files.validation`. A chart has a workbook inside."""
    if any(map(PROGRAM_PARTS.search, archive.namelist())):
        return {"program"}
    found = set()
    for name in archive.namelist():
        if "/embeddings/" in name.lower():
            content = BytesIO(archive.read(name))
            if is_inside or not is_zipfile(content):
                found.add("attachment")
            else:
                found |= found_in_office(ZipFile(content), is_inside=True)
        elif name.lower().endswith(".rels"):
            found.update(filter(None, map(finding_of_relationship, elements(archive, name))))
        elif name == "[Content_Types].xml":
            types = [element.get("ContentType", "") for element in elements(archive, name)]
            if any("macroEnabled" in text or "vbaProject" in text for text in types):
                found.add("program")
        elif re.fullmatch(r"word/.*\.xml", name) and FIELDS.search(fields(archive, name)):
            found.add("remote")
    return found


def elements(archive, name):
    """Yield the elements of a part that is XML, and empty them to save memory."""
    with archive.open(name) as part:
        for _event, element in ElementTree.iterparse(part):
            yield element
            element.clear()


def local_name(element):
    return element.tag.rpartition("}")[2]


def finding_of_relationship(element):
    kind = element.get("Type", "").rpartition("/")[2]
    if element.get("TargetMode") != "External":
        return RELATIONSHIPS.get(kind)
    if kind == "hyperlink":
        return "launch" if is_harmful(element.get("Target", "")) else None
    return "remote"


def fields(archive, name):
    """Return the instructions of all fields in a part, joined, since one can be divided among runs."""
    texts = []
    for element in elements(archive, name):
        if local_name(element) == "instrText":
            texts.append(element.text or "")
        texts += [value for key, value in element.items() if key.endswith("}instr")]
    return "".join(texts)


def found_in_opendocument(archive):
    """Return the names of what is found, see `home.files.validation`."""
    found = {"program" for name in archive.namelist() if PROGRAM_PARTS.search(name)}
    for name in archive.namelist():
        if name.endswith(("content.xml", "styles.xml")):
            found.update(filter(None, map(finding_of_element, elements(archive, name))))
    return found


def finding_of_element(element):
    name = local_name(element)
    address = element.get(XLINK, "")
    if name == "a":
        return "launch" if is_harmful(address) else None
    return OPENDOCUMENT.get(name) or ("remote" if ELSEWHERE.match(address) else None)
