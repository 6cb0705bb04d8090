"""The list of what customers may see is the only one: everything that the pages look at stands in it."""

import sys

from odoo.models import BaseModel
from odoo.tests import tagged

from odoo.addons.relance_progressive.relance_progressive.portal.door import rights

from ..common.portal import PortalCommon
from ..common.portal_security import DoorsCommon

FOLDER = "/relance_progressive/portal/"


class Watched:
    """A field that notes when the code of the pages looks at it."""

    def __init__(self, model, field, seen):
        self.model, self.field, self.seen = model, field, seen

    def __get__(self, record, owner=None):
        if record is not None and FOLDER in sys._getframe(1).f_code.co_filename:
            self.seen.add((self.model, self.field.name))
        return self.field.__get__(record, owner)

    def __set__(self, record, value):
        self.field.__set__(record, value)


@tagged("post_install", "-at_install")
class TestPortalWatched(DoorsCommon):
    def watch(self):
        """Watch every field of every model, and return the set of those that are looked at from now on."""
        seen, models = set(), [self.env.registry[name] for name in self.env.registry]
        fields = [(model, field) for model in models for field in model._fields.values() if field.name != "id"]
        kept = [vars(model).get(field.name) for model, field in fields]
        for model, field in fields:
            setattr(model, field.name, Watched(model._name, field, seen))

        def leave():
            for (model, field), own in zip(fields, kept, strict=True):
                setattr(model, field.name, own) if own is not None else delattr(model, field.name)

        self.addCleanup(leave)
        return seen

    def show_everything(self):
        """Return the values of all the pages and files of the list."""
        account = self.own.sudo()
        service = account.env["dunning.portal"]
        shown = [
            service._page(account), service._reminder(account, self.reminder.id),
            service._payment(account, self.payment.id),
        ]  # fmt: skip
        files = [
            service._statement_pdf(account), service._statement_xlsx(account),
            service._invoice_pdf(account, self.late.id), service._reminder_pdf(account, self.reminder.id),
        ]  # fmt: skip
        self.assertTrue(all(shown) and all(files))
        service._delivery_pdf(account, self.late.id)
        return shown

    def test_nothing_else_is_looked_at(self):
        self.env["res.partner.bank"].create({
            "acc_number": "FR1420041010050500013M02606", "partner_id": self.company.partner_id.id,
        })  # fmt: skip
        self.show_everything()  # what is made once and kept
        seen = self.watch()
        self.show_everything()
        self.assertGreater(len(seen), 20, "the watch sees what is looked at")
        listed = {
            (model, name)
            for part in (rights.READS, rights.LOOKS_AT) for model, names in part.items() for name in names
        }  # fmt: skip
        self.assertFalse(sorted(seen - listed))

    def test_pages_get_no_record(self):
        """A template that gets plain values shows nothing else, whatever is written into it."""

        def records(value):
            if isinstance(value, BaseModel):
                return [value]
            parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
            return [one for part in parts for one in records(part)]

        for values in self.show_everything():
            self.assertFalse(records(values))


@tagged("post_install", "-at_install")
class TestPortalRights(PortalCommon):
    def test_a_page_reads_what_is_listed(self):
        rows = self.env["dunning.portal"].sudo()._read(self.reminder.delivery_ids)
        self.assertEqual(set(rows[0]), {"id", *rights.READS["dunning.delivery"]})
        with self.assertRaises(KeyError):
            self.env["dunning.portal"].sudo()._read(self.env.user)
