"""Programs, links and files in a PDF. Runs in the child process, without Django."""

import re

from home.files.contents.links import is_harmful

# What is found, by the type of an action.
ACTIONS = {
    "/JavaScript": "program",
    **dict.fromkeys(["/Launch", "/GoToR"], "launch"),
    "/GoToE": "attachment",
    **dict.fromkeys(["/SubmitForm", "/ImportData"], "sending"),
    **dict.fromkeys(["/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/GoTo3DView"], "media"),
}
# By the type of a dictionary, or the kind of an annotation.
KINDS = {
    **dict.fromkeys(["/EmbeddedFile", "/FileAttachment"], "attachment"),
    **dict.fromkeys(["/RichMedia", "/3D", "/Movie", "/Sound", "/Screen"], "media"),
}
KEYS = {"/JS": "program", "/XFA": "program", "/EF": "attachment"}
# These are also looked for in the bytes of the file: other programs may find objects that pypdf does not. The
# names are too long to occur by chance.
NAMES = re.compile(rb"/(JavaScript|Launch|EmbeddedFile|SubmitForm|ImportData|RichMedia)(?![A-Za-z])")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def found_in_pdf(file):
    """Return the names of what is found, see `home.files.validation`."""
    from pypdf import PdfReader

    reader = PdfReader(file)
    if reader.is_encrypted and not reader.decrypt(""):
        return {"password"}
    found = {finding for thing in dictionaries(reader.trailer) for finding in findings(thing)}
    file.seek(0)
    plain = ESCAPE.sub(lambda match: bytes.fromhex(match[1].decode()), file.read())
    names = {f"/{name.decode()}" for name in NAMES.findall(plain)}
    return found | {(ACTIONS | KINDS)[name] for name in names}


def dictionaries(trailer):
    """Yield every dictionary and stream of a PDF that its trailer leads to, also those in object streams."""
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    pending, seen = [trailer], set()
    while pending:
        thing = pending.pop()
        if isinstance(thing, IndirectObject):
            key = thing.idnum, thing.generation
            if key in seen:
                continue
            seen.add(key)
            thing = thing.get_object()
        if isinstance(thing, DictionaryObject):
            yield thing
            pending.extend(dict.values(thing))
        elif isinstance(thing, ArrayObject):
            pending.extend(list.__iter__(thing))


def findings(thing):
    """Yield the names of what is found in one dictionary."""
    from pypdf.generic import StreamObject

    for key, kinds in (("/S", ACTIONS), ("/Type", KINDS), ("/Subtype", KINDS)):
        value = entry(thing, key)
        if isinstance(value, str) and value in kinds:
            yield kinds[value]
    for key, name in KEYS.items():
        if entry(thing, key) is not None:
            yield name
    # The content of a stream can be in another file.
    if isinstance(thing, StreamObject) and "/F" in thing:
        yield "remote"
    if is_harmful(entry(thing, "/URI") or ""):
        yield "launch"
    if any(opens_address(action) for action in actions_without_a_click(thing)):
        yield "remote"


def entry(thing, key):
    """Return an entry of a dictionary, or None. Unlike with `get`, it is never a reference to an object."""
    try:
        return thing[key]
    except KeyError:
        return None


def actions_without_a_click(thing):
    """Yield what happens when the file or a page is opened, printed or touched by the pointer."""
    yield entry(thing, "/OpenAction")
    events = entry(thing, "/AA")
    if isinstance(events, dict):
        yield from (events[name] for name in events)


def opens_address(action):
    return isinstance(action, dict) and entry(action, "/S") == "/URI"
