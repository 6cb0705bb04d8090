"""What the add-on ships as data: told from what people have made of it by checksums, never by who wrote last.

Whoever writes last may be the system without anybody's having meant it: a new stored field, a merge, an import.
Migrations call ``reload`` for records whose default has changed, and ``settle`` at the end of an update.
"""

import html
import json
from hashlib import sha256

from lxml import etree

from odoo.tools.convert import xml_import
from odoo.tools.misc import file_open, file_path

MODULE = "relance_progressive"
MODELS = ("dunning.plan", "dunning.level", "mail.template")
# Of a text only what a data file writes: server, sender and the like are choices that no update touches.
FIELDS = {"mail.template": ("name", "subject", "body_html", "lang")}
TECHNICAL = {"id", "create_uid", "create_date", "write_uid", "write_date"}
SOURCE = "en_US"


# === CHECKSUMS === #


def records(env):
    """Return ``{name: record}`` of the default plans, levels and texts that are still there."""
    data = env["ir.model.data"].sudo().search([("module", "=", MODULE), ("model", "in", MODELS)])
    found = {row.name: env[row.model].sudo().browse(row.res_id) for row in data}
    return {name: record for name, record in found.items() if record.exists()}


def sums(record):
    """Return ``{field, or field@language: checksum}`` of what a record says now."""
    record.env.flush_all()
    found = {}
    for name, field in record._fields.items():
        if not _counts(record, name, field):
            continue
        if field.translate:
            words = field._get_stored_translations(record) or {}
            source = words.get(SOURCE)
            found[name] = _sum(source)
            found |= {f"{name}@{lang}": _sum(text) for lang, text in words.items() if text and text != source}
        else:
            found[name] = _sum(_plain(record, name, field))
    return found


def _counts(record, name, field):
    if record._name in FIELDS:
        return name in FIELDS[record._name]
    if not field.store or name in TECHNICAL or field.related or (field.compute and field.readonly):
        return False
    if field.type == "one2many":
        return _is_part(record, field)
    return field.type not in ("many2many", "binary", "json")


def _is_part(record, field):
    """Tell whether the records of a one2many field belong to the record, and are no defaults of their own."""
    lines = record.env[field.comodel_name]
    inverse = lines._fields.get(field.inverse_name)
    return bool(inverse and inverse.required and inverse.ondelete == "cascade" and lines._name not in MODELS)


def _plain(record, name, field):
    value = record[name]
    if field.type == "many2one":
        return _name_of(value)
    if field.type == "one2many":
        rows = [
            [
                (key, _plain(line, key, part)) for key, part in sorted(line._fields.items())
                if _counts(line, key, part) and key not in (field.inverse_name, "sequence")
            ]
            for line in value.sorted()
        ]  # fmt: skip
        return rows if "sequence" in value._fields else sorted(rows, key=repr)
    return round(value, 6) if field.type in ("float", "monetary") else value


def _name_of(record):
    """Return the external name of a record, which is the same in every database, else its number."""
    if not record:
        return ""
    names = record.sudo()._get_external_ids()[record.id]
    return next((name for name in sorted(names) if name.startswith(MODULE)), f"{record._name},{record.id}")


def _sum(value):
    if isinstance(value, str):  # how a text is wrapped and which signs are entities says nothing
        value = "".join(html.unescape(value).split())
    elif value is False or value is None:
        value = ""
    return sha256(repr(value).encode()).hexdigest()[:12]


# === WHOSE IT IS === #


def _released(version):
    """Return ``{name: {field: [checksums]}}`` of a version that kept no checksums yet; empty for any other."""
    with file_open(f"{MODULE}/{MODULE}/plan/shipped.json") as file:
        return json.load(file).get(version, {})


def untouched(env, names, version):
    """Return those of the names whose records are there as they came, in every language, or come with this update.

    :param version: the version that the database was updated from
    """
    env.flush_all()
    known, there = env["dunning.shipped"]._known(), records(env)
    expected = {**_released(version), **known}
    return [
        name for name in names
        if expected and name in there and (name not in expected or _is_as(sums(there[name]), expected[name]))
    ]  # fmt: skip


def _is_as(now, expected):
    """Tell whether checksums are the expected ones; a language that did not come with it is somebody's work."""
    if not expected or any("@" in key and key not in expected for key in now):
        return False
    wanted = {key: known if isinstance(known, list) else [known] for key, known in expected.items()}
    return all(now[key] in known for key, known in wanted.items() if key in now)


def known_untouched(env):
    """Return the names of the records that are as they were noted; empty before the first are."""
    known = env["dunning.shipped"]._known()
    return [name for name, record in records(env).items() if _is_as(sums(record), known.get(name))]


def keep(env, names):
    """Note what records say now as what came with the add-on."""
    found = records(env)
    env["dunning.shipped"]._note({name: sums(found[name]) for name in names if name in found})


def settle(env, version):
    """At the end of an update: note what came with it, and what people have made their own."""
    known = env["dunning.shipped"]._known()
    waiting = [name for name in records(env) if name not in known]
    ours = untouched(env, waiting, version)
    keep(env, ours)
    env["dunning.shipped"]._note({name: {} for name in waiting if name not in ours})


# === UPDATES === #


def reload(env, version, changed):
    """Load again what has changed of the default data, but for what people have made their own.

    :param changed: ``{data file under the add-on's folder: names of its records}``
    """
    for file, names in changed.items():
        if ours := untouched(env, names, version):
            _load(env, f"{MODULE}/{MODULE}/{file}", ours)
            keep(env, ours)


def _load(env, file, names):
    """Load some records of a data file, in English; their French comes with the translations right after."""
    path = file_path(file)
    root = etree.parse(path).getroot()
    for node in root.findall(".//record"):
        if node.get("id") not in names:
            node.getparent().remove(node)
    for name in names:
        _forget_translations(env.ref(f"{MODULE}.{name}"))
    xml_import(env, MODULE, {}, "init", noupdate=True, xml_filename=path).parse(root)


def _forget_translations(record):
    """Remove the old text in other languages, which would hide the new one."""
    others = {lang: False for lang, _name in record.env["res.lang"].get_installed() if lang != SOURCE}
    for name, field in record._fields.items():
        if field.translate and field.store:
            record.update_field_translations(name, others)
