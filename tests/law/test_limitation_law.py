from datetime import date

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common.limitation import LimitationCommon

TODAY = date(2026, 3, 2)


@freeze_time("2026-03-02 10:00:00")
@tagged("post_install", "-at_install")
class TestLimitationLaw(LimitationCommon):
    """By the law of the contract, as late interest is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgium, cls.france = cls.env.ref("base.be"), cls.env.ref("base.fr")

    def stored(self, customer=None):
        """Return what the worklist says of a customer: day, lapsed amount, whether something is not known."""
        account = self.account(customer)
        account._follow_limitations(self.company, TODAY, account.partner_id.ids)
        return account.limitation_date, account.limitation_expired, account.limitation_unknown

    def words(self, item):
        item.invalidate_recordset()
        return item.dunning_limitation_text

    def test_a_french_customer_under_belgian_law(self):
        """No French article is named: nothing is known here of Belgian limitations."""
        item = self.claim("2021-04-01")
        self.assertEqual(self.stored(), (date(2026, 4, 1), 0, False))
        self.customer.with_company(self.company).dunning_law_id = self.belgium
        self.assertFalse(self.account().limitation_date, "at once")
        self.assertEqual(self.stored(), (False, 0, True))
        self.assertFalse(self.last_day(item))
        self.assertEqual(item.dunning_limitation_state, "unknown")
        self.assertIn("law of Belgium", self.words(item))
        self.assertNotIn("L110-4", self.words(item))

    def test_without_a_status_no_status_is_named(self):
        item = self.claim("2021-04-01", status=False)
        self.customer.with_company(self.company).dunning_law_id = self.belgium
        self.assertIn("status not known, law of Belgium", self.words(item))

    def test_a_belgian_customer_under_french_law(self):
        customer = self.make_customer("Belgian", country_id=self.belgium.id, dunning_status="professional")
        item = self.claim("2021-04-01", customer=customer)
        self.assertEqual(self.last_day(item), date(2026, 4, 1), "the law of the seller")
        self.assertIn("law of France: 5 years (C. com. L110-4", self.words(item))
        self.assertEqual(self.stored(customer), (date(2026, 4, 1), 0, False))

    def test_a_consumer_is_under_the_law_of_its_own_country(self):
        belgian = self.make_customer("Belgian", country_id=self.belgium.id, dunning_status="consumer")
        item = self.claim("2024-04-01", customer=belgian)
        self.assertEqual((self.last_day(item), self.stored(belgian)), (False, (False, 0, True)))
        belgian.with_company(self.company).dunning_law_id = self.france
        self.assertEqual(self.last_day(item), date(2026, 4, 1))
        self.assertIn("L218-2", self.words(item))
        self.assertEqual(self.stored(belgian), (date(2026, 4, 1), 0, False))

    def test_the_customer_of_a_belgian_company(self):
        item = self.claim("2021-04-01")
        self.company.country_id = self.belgium
        self.assertEqual(self.last_day(item), False)
        self.assertEqual(self.stored(), (False, 0, True))
        self.customer.dunning_status = "consumer"  # of France
        self.assertEqual(self.last_day(item), date(2023, 4, 1))
        self.assertIn("law of France: 2 years (C. conso. L218-2)", self.words(item))
        self.assertEqual(self.stored(), (False, 1000, False))

    def test_the_law_is_that_of_late_interest(self):
        """Whatever the status, the country and the choice: one rule for both."""
        countries = [self.env["res.country"], self.france, self.belgium, self.env.ref("base.re")]
        for own in (self.france, self.belgium):
            self.company.country_id = own
            rule = self.env["dunning.limitation"]._rules(self.company)
            for status in ("professional", "consumer", "non_professional", "public"):
                for home in countries:
                    for chosen in countries:
                        with self.subTest(own=own.code, status=status, home=home.code, chosen=chosen.code):
                            law = self.company._dunning_law_of(status, home, chosen)
                            found = rule(status, home.id, chosen.id, None)
                            self.assertEqual((found.law, found.status), (law.id, status))
                            self.assertEqual(bool(found.period.limit), law.code in ("FR", "RE"))

    def test_the_night_and_the_rules_agree_under_each_law(self):
        for status in ("professional", "consumer", "public", False):
            for home in (self.france, self.belgium):
                for chosen in (False, self.belgium, self.france):
                    name = f"{status} {home.code} {chosen and chosen.code}"
                    customer = self.make_customer(name, dunning_status=status, country_id=home.id)
                    customer.with_company(self.company).dunning_law_id = chosen
                    item = self.claim(date(2023, 12, 2), customer=customer)
                    day = self.last_day(item)
                    with self.subTest(name):
                        account = self.account(customer)
                        account._follow_limitations(self.company, day or TODAY, customer.ids)
                        self.assertEqual((account.limitation_date, account.limitation_unknown), (day, not day))

    def test_what_is_not_known_is_said_on_every_screen(self):
        item = self.claim("2021-04-01")
        self.customer.with_company(self.company).dunning_law_id = self.belgium
        item.move_id.invalidate_recordset()
        self.assertEqual(item.move_id.dunning_limitation_state, "unknown")
        self.assertEqual(item.move_id.action_dunning_limitation()["res_id"], item.id)
        domain = [("limitation_unknown", "=", True)]
        self.assertIn(self.account(), self.env["dunning.account"].search(domain))


@freeze_time("2026-03-02 10:00:00")
@tagged("post_install", "-at_install")
class TestLimitationPeriod(LimitationCommon):
    """Periods that a manager enters with the reason."""

    def enter(self, record, kind, months=0, text="Art. 12 of the contract", user=None):
        record.with_user(user or self.env.user).write({
            "dunning_limitation_kind": kind, "dunning_limitation_months": months, "dunning_limitation_text": text,
        })  # fmt: skip
        self.env.flush_all()

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def words(self, item):
        item.invalidate_recordset()
        return item.dunning_limitation_text

    def stored(self):
        return self.account().limitation_date, self.account().limitation_expired

    def test_carriage_of_goods_lapses_after_one_year(self):
        """C. com. L133-6."""
        item = self.claim("2025-06-01")
        self.enter(self.account(), "carriage", text="Transport of machines")
        self.assertEqual((self.last_day(item), self.stored()), (date(2026, 6, 1), (date(2026, 6, 1), 0)))
        for part in ("Carriage of goods", "1 year (C. com. L133-6)", "this customer", "Transport of machines"):
            self.assertIn(part, self.words(item))

    def test_of_one_invoice_only(self):
        item, other = self.claim("2025-06-01"), self.claim("2025-06-01")
        self.enter(item.move_id, "carriage")
        self.assertEqual((self.last_day(item), self.last_day(other)), (date(2026, 6, 1), date(2030, 6, 1)))
        self.assertEqual(self.stored(), (date(2026, 6, 1), 0), "at once")
        self.assertIn("Entered for this invoice", self.words(item))

    def test_an_invoice_that_is_not_about_carriage(self):
        item = self.claim("2025-06-01")
        self.enter(self.account(), "carriage")
        self.enter(item.move_id, "legal", text="Storage")
        self.assertEqual((self.last_day(item), self.stored()), (date(2030, 6, 1), (False, 0)))

    def test_a_carrier_says_so_once(self):
        self.plan.level_ids.active = False
        item = self.claim("2025-06-01")
        self.run_on(TODAY)
        self.company.dunning_carriage = True
        self.assertEqual(self.last_day(item), date(2026, 6, 1))
        self.run_on("2026-03-03")
        self.assertEqual(self.stored(), (date(2026, 6, 1), 0))
        self.enter(self.account(), "legal", text="Storage only")
        self.assertEqual((self.last_day(item), self.stored()), (date(2030, 6, 1), (False, 0)))

    def test_an_agreed_period(self):
        """C. civ. 2254; a part payment begins the same period again."""
        item = self.claim("2024-10-15")
        self.enter(self.account(), "agreed", 18)
        self.assertEqual((self.last_day(item), self.stored()), (date(2026, 4, 15), (date(2026, 4, 15), 0)))
        self.assertIn("Agreed with the customer: 18 months (C. civ. 2254)", self.words(item))
        self.assertIn("Art. 12 of the contract", self.words(item))
        self.pay(item.move_id, 100, day="2026-01-10")
        self.assertEqual(self.last_day(item), date(2027, 7, 10))

    def test_bad_values_get_a_clear_message(self):
        account = self.account()
        for status, values, message in (
            ("professional", ("agreed", 11), "12 months at least and 120 months at most"),
            ("professional", ("agreed", 121), "12 months at least and 120 months at most"),
            ("professional", ("agreed", 24, " "), "Say why"),
            ("professional", ("carriage", 0, False), "Say why"),
            ("consumer", ("agreed", 24), "With a consumer no other period can be agreed .C. conso. L218-1"),
            (False, ("agreed", 24), "Say first what kind of customer"),
            ("public", ("agreed", 24), "No such rule is known here"),
            ("professional", ("other", 0), "from 1 to 360"),
            ("consumer", ("other", 60), "cannot be longer than that of the law, 2 years"),
        ):  # fmt: skip
            self.customer.dunning_status = status
            with self.subTest(status=status, values=values), self.assertRaisesRegex(ValidationError, message):
                with self.env.cr.savepoint():
                    self.enter(account, *values)
            account.invalidate_recordset()

    def test_it_never_holds_against_a_consumer(self):
        """The status is corrected later: what was agreed falls away, and the item says why."""
        item = self.claim("2024-10-15")
        self.enter(self.account(), "agreed", 60)
        self.customer.dunning_status = "consumer"
        self.assertEqual((self.last_day(item), self.stored()), (date(2026, 10, 15), (False, 0)))
        self.assertIn("does not count. With a consumer no other period can be agreed", self.words(item))
        self.assertIn("2 years (C. conso. L218-2)", self.words(item))
        self.customer.dunning_status = False
        self.assertEqual(self.last_day(item), date(2026, 10, 15), "the shortest, whoever it is")

    def test_where_no_rule_is_known_a_lawyer_says_it(self):
        item = self.claim("2021-04-01")
        self.customer.with_company(self.company).dunning_law_id = self.env.ref("base.be")
        self.assertEqual(self.account().limitation_unknown, True)
        with self.assertRaisesRegex(ValidationError, "No such rule is known here"), self.env.cr.savepoint():
            self.enter(self.account(), "agreed", 60)
        self.account().invalidate_recordset()
        self.enter(self.account(), "other", 60, "Article X of the Belgian code")
        self.assertEqual((self.last_day(item), self.account().limitation_unknown), (date(2026, 4, 1), False))
        for part in ("5 years (Article X of the Belgian code)", "not read at its source"):
            self.assertIn(part, self.words(item))

    def test_only_managers_enter_it(self):
        item = self.claim("2021-04-01")
        for record in (self.account(), item.move_id):
            with self.assertRaisesRegex(UserError, "Only a manager"):
                self.enter(record, "carriage", user=self.person)
        with self.assertRaisesRegex(UserError, "Only a manager"):
            self.env["account.move"].with_user(self.person).with_context(
                default_dunning_limitation_kind="other", default_dunning_limitation_months=300
            ).create({"move_type": "out_invoice", "partner_id": self.customer.id})
        manager = new_test_user(self.env, "lim_manager", groups="account.group_account_manager")
        tracked = {"tracking_disable": False, "mail_notrack": False}  # as outside of tests
        account, move = self.account().with_context(**tracked), item.move_id.with_context(**tracked)
        self.flush_tracking()
        self.enter(account, "carriage", user=manager)
        self.enter(move, "agreed", 60, user=manager)
        for record in (account, move):
            with self.assertRaisesRegex(UserError, "Only a manager"):
                record.with_user(self.person).dunning_limitation_kind = False
            self.flush_tracking()
            tracked = record.message_ids.sudo().tracking_value_ids.field_id.mapped("name")
            self.assertIn("dunning_limitation_kind", tracked, "its history stays")

    def test_an_invoice_is_still_made_by_anybody(self):
        move = self.env["account.move"].with_user(self.person).create({
            "move_type": "out_invoice", "partner_id": self.customer.id,
            "invoice_line_ids": [Command.create({"name": "Work", "price_unit": 10})],
        })  # fmt: skip
        move.action_post()
        self.assertEqual(move.state, "posted")
        self.enter(move, "carriage")
        self.assertFalse(move.copy().dunning_limitation_kind, "of this invoice only")

    def test_the_night_respects_every_period(self):
        """The night and the item say the same day, whoever entered what where."""
        for on_account in (None, ("carriage",), ("agreed", 24), ("other", 6), ("legal",)):
            for on_invoice in (None, ("carriage",), ("agreed", 30), ("legal",)):
                customer = self.make_customer(f"{on_account} {on_invoice}", dunning_status="professional")
                item = self.claim("2025-10-20", customer=customer)
                for record, entered in ((self.account(customer), on_account), (item.move_id, on_invoice)):
                    if entered:
                        self.enter(record, *entered)
                day = self.last_day(item)
                with self.subTest(account=on_account, invoice=on_invoice):
                    account = self.account(customer)
                    account._follow_limitations(self.company, day, customer.ids)
                    self.assertEqual((account.limitation_date, account.limitation_expired), (day, 0))
                    account._follow_limitations(self.company, date.fromordinal(day.toordinal() + 1), customer.ids)
                    self.assertEqual((account.limitation_date, account.limitation_expired), (False, 1000))

    def test_a_merge_keeps_it(self):
        twin = self.make_customer("Twin", dunning_status="professional")
        self.claim("2025-06-01", customer=twin)
        self.enter(self.account(twin), "agreed", 24)
        account = self.account()
        account._absorb(self.account(twin))
        self.assertEqual((account.dunning_limitation_kind, account.dunning_limitation_months), ("agreed", 24))

    def test_a_merge_into_a_consumer_is_not_stopped(self):
        twin, item = self.make_customer("Twin", dunning_status="professional"), self.claim("2025-06-01", "consumer")
        self.enter(self.account(twin), "agreed", 12)
        self.account()._absorb(self.account(twin))
        self.assertIn("does not count", self.words(item))
        self.assertEqual(self.last_day(item), date(2027, 6, 1))
