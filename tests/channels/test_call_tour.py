from datetime import timedelta

from odoo.tests import HttpCase, tagged

from ..common.call import PARIS_NUMBER, CallCommon


@tagged("post_install", "-at_install")
class TestCallTour(CallCommon, HttpCase):
    """Two calls in a browser, on the day of today: that is what the list shows."""

    def freeze_today(self):
        """Leave the clock of the server and of the browser alone."""

    def test_calls(self):
        today = self.company._dunning_today()
        for name, amount in (("Boulangerie Petit", 5000), ("Garage Morin", 100)):
            customer = self.make_customer(name, phone=PARIS_NUMBER)
            self.invoice(today - timedelta(days=3), amount, customer)
        self.run_on(today)
        self.engine.deliver(date=today, company=self.company)
        self.start_tour("/odoo/calls-to-make", "dunning_call_tour", login="karim_calls")
        answered, promised = self.env["dunning.call"].search([], order="id")
        self.assertEqual((answered.outcome, promised.outcome), ("no_answer", "will_pay"))
        self.assertEqual(answered.delivery_id.state, "ready")
        self.assertGreater(answered.delivery_id.to_do_on, today)
        self.assertEqual((promised.delivery_id.state, promised.partner_id.name), ("sent", "Garage Morin"))
        self.assertEqual(promised.user_id, self.karim)
