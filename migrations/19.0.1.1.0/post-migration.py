"""Default plans and texts as they are since late interest, indemnity and the consumers' formal notice came."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools.convert import xml_import
from odoo.tools.misc import file_path

MODULE = "relance_progressive"
CHANGED = {
    "plan/default_plans.xml": ("plan_consumers",),
    "plan/default_templates.xml": ("template_professionals_5",),
    "letters/letter_texts.xml": ("template_letter_notice", "template_letter_notice_consumer"),
    "channels/default_channels.xml": ("level_consumers_5",),
    "notices/notice_texts.xml": ("level_professionals_5", "level_consumers_5"),
    "penalties/default_penalties.xml": ("level_professionals_3", "level_professionals_4", "level_key_accounts_4"),
    "penalties/settled/default_waivers.xml": ("plan_professionals", "plan_key_accounts"),
}


def migrate(cr, _version):
    """Load again what has changed of the default data, but for what people have made their own."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for file, names in CHANGED.items():
        ours = [name for name in names if _is_ours(env.ref(f"{MODULE}.{name}", raise_if_not_found=False))]
        if ours:
            _load(env, f"{MODULE}/{MODULE}/{file}", ours)


def _is_ours(record):
    """Tell whether a default record is still there and no person has written it."""
    return bool(record) and record.write_uid.id == SUPERUSER_ID


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
    others = {lang: False for lang, _name in record.env["res.lang"].get_installed() if lang != "en_US"}
    for name, field in record._fields.items():
        if field.translate and field.store:
            record.update_field_translations(name, others)
