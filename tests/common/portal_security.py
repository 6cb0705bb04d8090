import lxml.html

from odoo.addons.relance_progressive.relance_progressive.portal.door import rights

from .portal import PortalCommon


class DoorsCommon(PortalCommon):
    """The doors of the list, with the documents of our customer behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        provider = cls.env["payment.provider"].create({"name": "Dummy", "code": "none"})
        cls.payment = cls.env["payment.transaction"].sudo().create({
            "provider_id": provider.id, "payment_method_id": cls.env.ref("payment.payment_method_unknown").id,
            "amount": 10, "currency_id": cls.company.currency_id.id, "partner_id": cls.customer.id, "state": "pending",
            "reference": "DOOR-1", "dunning_items": [[cls.late.line_ids[-1:].id, "10.00"]],
        })  # fmt: skip

    def doors(self):
        """Return ``[(suffix, whether it opens for the customer himself)]`` of every page of the list."""
        records = {
            "/invoice/<int:record_id>.pdf": self.late.id,
            "/delivery/<int:record_id>.pdf": self.late.id,
            "/reminder/<int:record_id>": self.reminder.id,
            "/reminder/<int:record_id>.pdf": self.reminder.id,
            "/payment/<int:record_id>": self.payment.id,
            "/payment/<int:record_id>.pdf": self.payment.id,
        }
        shut = {"/delivery/<int:record_id>.pdf", "/payment/<int:record_id>.pdf"}  # no slip, and nothing has come yet
        suffixes = [route.suffix for route in rights.ROUTES if route.method == "GET"]
        return [
            (suffix.replace("<int:record_id>", str(records.get(suffix, ""))), suffix not in shut)
            for suffix in suffixes
        ]  # fmt: skip

    def assert_closed(self, path):
        """Check the one answer, which tells nothing of the reason."""
        answer = self.get(path)
        self.assertEqual(answer.status_code, 404, path)
        self.assertEqual(self.sealed(answer), rights.HEADERS, path)
        self.assertEqual(self.body(answer), self.body(self.get("/reminders/nothing")), path)
        self.forget_visits()

    def body(self, answer):
        """Return what of an answer does not change from one request to the next."""
        page = lxml.html.fromstring(answer.text)
        return answer.status_code, " ".join(page.xpath("//main")[0].text_content().split())

    def sealed(self, answer):
        return {name: answer.headers.get(name) for name in rights.HEADERS}
