from odoo.tests import tagged

from ..common.answer import AnswerCommon
from ..common.axe import AxeCommon
from ..common.portal_penalties import PortalPenaltyCommon


class PortalToursCommon(AxeCommon, PortalPenaltyCommon, AnswerCommon):
    """A customer who opens the link of a message in a browser; reminded of 36,500, late by twelve days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.told("claim")

    def tour(self, name):
        self.start_tour(self.link(), f"dunning_portal_{name}_tour", login=None)
        self.env.invalidate_all()


class PortalTours:
    """What the tours do, whatever the width of the screen."""

    allow_inherited_tests_method = True

    def test_read(self):
        self.tour("read")

    def test_promise(self):
        self.tour("promise")
        answer = self.answers()
        self.assertEqual((answer.kind, answer.promise_id.amount_total), ("promise", 250.5))

    def test_plan(self):
        self.tour("plan")
        promise = self.answers().promise_id
        self.assertEqual((promise.is_plan, len(promise.line_ids.mapped("date"))), (True, 4))

    def test_contest(self):
        """With an amount that is too large first: the page says so next to the field, and keeps what was typed."""
        self.tour("dispute")
        answer = self.answers()
        self.assertEqual((answer.kind, answer.dispute_id.line_ids.amount), ("dispute", 200))


@tagged("post_install", "-at_install")
class TestPortalTours(PortalTours, PortalToursCommon):
    """On a desk."""

    browser_size = "1366x768"


@tagged("post_install", "-at_install")
class TestPortalToursPhone(PortalTours, PortalToursCommon):
    """On a phone, 360 px wide."""

    browser_size = "360x740"
    touch_enabled = True
