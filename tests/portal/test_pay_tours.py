"""Customers who read their page and pay, in a browser: at a desk and on a phone."""

from odoo.tests import tagged

from ..common.axe import AxeCommon
from ..common.pay import PayCommon


@tagged("post_install", "-at_install")
class TestPayTours(AxeCommon, PayCommon):
    def test_pay_all_that_is_overdue(self):
        self.start_tour(self.link(), "dunning_portal_pay_tour", login=None)
        self.assertEqual(self.left(self.late, self.later, self.coming), [0, 0, 300])

    def test_pay_a_part(self):
        self.start_tour(self.link(), "dunning_portal_pay_part_tour", login=None)
        self.assertEqual(self.left(self.late, self.later), [1000, 379.5])


@tagged("post_install", "-at_install")
class TestPayOnAPhone(TestPayTours):
    """The same on a phone, 360 points wide."""

    allow_inherited_tests_method = True  # else Odoo leaves them out
    browser_size = "360x740"
    touch_enabled = True
