"""Pictures of what is printed or shown: they are in the document, and nothing is fetched from anywhere.

What people write in a text may name any address. The PDF engine would ask for it from inside the house, a preview from
the desk of a colleague. Only pictures that were put on the record itself are taken, as they are kept here.
"""

import base64
import re
from collections.abc import Callable

import lxml.html

from odoo.tools import file_open

# What may load something: looked for first, most documents have nothing of the kind.
LOADS = re.compile(
    r"(?:src|srcset|href|data|poster|background|manifest|http-equiv)\s*=|<(?:style|script|svg)\b"
    r"|url\s*\(|image-set|@import|\\", re.IGNORECASE
)
NO_PICTURES = (
    "applet", "audio", "base", "bgsound", "embed", "feimage", "frame", "iframe", "input", "link", "meta", "object",
    "script", "source", "track", "use", "video",
)  # fmt: skip
PICTURES = ("img", "image")
LINKS = ("a", "area")  # followed by a person only
ADDRESSES = ("src", "href", "xlink:href", "{http://www.w3.org/1999/xlink}href")
DROPPED = ("background", "data", "dynsrc", "imagesrcset", "lowsrc", "manifest", "poster", "srcset")
INSIDE = re.compile(r"data:image/(?:png|jpeg|gif|webp|bmp|svg\+xml);base64,[A-Za-z0-9+/=\s]+")
URL = re.compile(r"url\s*\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
IMPORT = re.compile(r"@import[^;]*;?", re.IGNORECASE)
ATTACHMENT = re.compile(r"/web/(?:image|content)/(?:ir\.attachment/)?(\d{1,9})(?:[-/?#].*)?", re.DOTALL)
LOGO = re.compile(r"(?:/logo\.png|/web/binary/company_logo)(?:\?.*)?")
STATIC = re.compile(r"/(\w+/static/(?:[\w-]+/)*[\w.-]+\.(png|jpe?g|gif|webp))")
KINDS = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")  # not those that name others
ESCAPE = re.compile(r"\\|/\*|image-set", re.IGNORECASE)  # by which a style sheet hides what it loads


def self_contained(html: str, read: Callable[[str], str]) -> str:
    """Return a document, or a piece of one, that loads nothing when it is shown.

    Style sheets of the server in its head stay: who prints puts their content in their place.

    :param read: gives the ``data:`` address of a picture that may be shown, by its address, else nothing
    """
    if not LOADS.search(html):
        return html
    whole = "<html" in html[:200].lower()
    root = lxml.html.fromstring(html) if whole else lxml.html.fragment_fromstring(html, create_parent="div")
    body = root.find(".//body") if whole else root
    for node in list((root if body is None else body).iter(lxml.etree.Element)):
        _keep_inside(node, read)
    if whole:
        return lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    return (root.text or "") + "".join(lxml.html.tostring(node, encoding="unicode") for node in root)


def _keep_inside(node, read):
    """Have an element load nothing: a picture that may be shown is put into it, the rest is left out."""
    if node.tag in NO_PICTURES or node.tag in PICTURES and not _take_in(node, read):
        node.drop_tree()
        return
    others = () if node.tag in (*PICTURES, *LINKS) else ADDRESSES
    for name in (*DROPPED, *others):
        node.attrib.pop(name, None)
    if node.tag == "style":
        node.text = _style(node.text or "", read)
    elif "style" in node.attrib:
        node.set("style", _style(node.get("style"), read))


def _take_in(node, read):
    """Put the picture of an element into it, and tell whether there is one."""
    for name in ADDRESSES:
        if name in node.attrib:
            inside = _inside(node.attrib.pop(name), read)
            if inside:
                node.set(name, inside)
                return True
    return False


def _inside(address, read):
    address = (address or "").strip()
    return address if INSIDE.fullmatch(address) else read(address)


def _style(css, read):
    """Return a style sheet without what it would load."""
    if not LOADS.search(css) and not ESCAPE.search(css):
        return css
    if ESCAPE.search(css):
        return ""
    return IMPORT.sub("", URL.sub(lambda found: _url(_inside(found[2], read)), css))


def _url(inside):
    return f"url({inside})" if inside else "none"


def reader(env, owners):
    """Return the function that gives the ``data:`` address of a picture of one of these records, by its address."""
    homes = {(one._name, one.id) for owner in owners for one in owner}
    companies = [one for owner in owners for one in owner if one._name == "res.company"]
    here = env["ir.config_parameter"].sudo().get_param("web.base.url", "").rstrip("/")

    def read(address):
        path = address.removeprefix(here) if here else address
        if found := ATTACHMENT.fullmatch(path):
            file = env["ir.attachment"].sudo().browse(int(found[1])).exists()
            own = file and (file.res_model, file.res_id) in homes and file.mimetype in KINDS
            return _as_data(file.mimetype, file.raw) if own and file.raw else ""
        if found := STATIC.fullmatch(path):
            return _as_data(f"image/{found[2].replace('jpg', 'jpeg')}", static_file(found[1]))
        if LOGO.fullmatch(path) and companies and companies[0].logo:
            return f"data:image/png;base64,{companies[0].sudo().logo.decode()}"
        return ""

    return read


def _as_data(mimetype, content):
    return f"data:{mimetype};base64,{base64.b64encode(content).decode()}" if content else ""


def static_file(name):
    """Return the content of a static file of an add-on, nothing if there is none."""
    try:
        with file_open(name, "rb") as file:
            return file.read()
    except OSError:
        return b""
