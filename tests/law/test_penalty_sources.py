from datetime import date, timedelta

from odoo.tests import tagged

from odoo.addons.relance_progressive.relance_progressive.core.law.regimes import NOTICE, REGIMES

from ..common.penalty import PenaltyCommon

DUE = date(2024, 5, 20)
UNTIL = date(2024, 9, 15)  # in Luxembourg a consumer has three months
LAWS = {"gb": "uk"}  # where Odoo has another name


@tagged("post_install", "-at_install")
class TestSources(PenaltyCommon):
    """A manager reads for every number the article and the rate it comes from, whatever law applies."""

    def rows_of(self, code, **values):
        """Return the rows of the sheet of a debt under a regime: of the item, its periods, its fixed sum."""
        country, status = code.split("_", 1)
        customer = self.make_customer(code, dunning_status=status)
        law = self.env.ref(f"base.{LAWS.get(country, country)}")
        customer.with_company(self.company).write({"dunning_law_id": law.id, **values})
        invoice = self.invoice(DUE, 3000, customer)
        if REGIMES[code].starts == NOTICE:
            self.in_effect(invoice, date(2024, 5, 21))
        sheet = self.env["dunning.penalty.sheet"].new({
            "account_id": self.account(customer).id, "until": UNTIL, "move_id": invoice.id,
        })  # fmt: skip
        return sheet._rows()

    def test_each_regime_names_article_and_rate(self):
        labels = self.env["dunning.interest.rate"]._labels()
        for code, regime in REGIMES.items():
            with self.subTest(code=code):
                rows = self.rows_of(code)
                interest = [row for row in rows if row["kind"] == "interest"]
                self.assertTrue(interest, rows)
                for row in interest:
                    self.assertIn(regime.rate.article, row["source"])
                    if regime.rate.reference:
                        self.assertIn(labels[regime.rate.reference], row["source"])
                        self.assertRegex(row["source"], r"2024(-S[12])?")
                    self.assertEqual(
                        "not verified" in row["source"],
                        not (regime.rate.verified and regime.starts_verified and self.is_read(regime, row)),
                    )
                fixed = [row for row in rows if row["kind"] == "indemnity"]
                self.assertEqual(bool(fixed), bool(regime.indemnity))
                for row in fixed:
                    self.assertIn((regime.costs or regime.indemnity).article, row["source"])

    def is_read(self, regime, row):
        """Tell whether the published rate of a row was read at its source."""
        if not regime.rate.reference:
            return True
        rates = self.env["dunning.interest.rate"]
        held = row["first"] if regime.rate.applies == "each" else UNTIL if regime.rate.applies == "payment" else DUE
        return rates._rate_in_force(self.company, regime.rate.reference, held).verified

    def test_the_sum_of_the_parts_is_the_rate(self):
        """Belgium rounds up to the half point: 4.50 + 8 is 12.50, 4.25 + 8 is rounded up to it."""
        first, second = (row["source"] for row in self.rows_of("be_professional") if row["kind"] == "interest")
        self.assertIn("2024-S1 4.50 % + 8 points (L. 02/08/2002", first)
        self.assertIn("2024-S2 4.25 % + 8 points, rounded up to 12.50 % (L. 02/08/2002", second)

    def test_one_rate_for_the_whole_delay(self):
        """A public buyer: that of the half-year in which interest began to run, and the sheet says which."""
        (row,) = (row for row in self.rows_of("fr_public") if row["kind"] == "interest")
        self.assertEqual((row["first"], row["last"]), (date(2024, 5, 21), UNTIL))
        self.assertIn("2024-S1 4.50 % + 8 points (CCP L2192-13", row["source"])

    def test_an_agreed_rate(self):
        for country, words in (("fr", "agreed rate (C. com. L441-10 II)"), ("es", "agreed rate")):
            rows = self.rows_of(f"{country}_professional", dunning_interest_rate=15)
            self.assertEqual({row["source"] for row in rows if row["kind"] == "interest"}, {words})

    def test_the_number_of_invoices_costs_no_query(self):
        """The sheet of an account with hundreds of invoices opens as that of one with a few."""
        counts = []
        for number in (2, 12):
            customer = self.make_customer(f"{number} invoices", dunning_status="professional")
            for late in range(number):
                self.invoice(DUE + timedelta(days=late), 3000, customer)
            sheet = self.env["dunning.penalty.sheet"].create({"account_id": self.account(customer).id, "until": UNTIL})
            sheet._rows()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertGreater(len(sheet._rows()), 3 * number)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 1)

    def test_dutch_interest_on_interest(self):
        """An option: off by default and said so, then added once a year, and never once interest was waived."""
        customer = self.make_customer("NL", dunning_status="professional")
        customer.with_company(self.company).dunning_law_id = self.env.ref("base.nl")
        invoice = self.invoice(DUE, 2000, customer)
        until = date(2026, 1, 16)
        sheet = self.env["dunning.penalty.sheet"].new({
            "account_id": self.account(customer).id, "until": until, "move_id": invoice.id,
        })  # fmt: skip
        simple = self.penalty_on(until, invoice).interest
        self.assertIn("is not claimed", sheet.compound_text)
        self.assertFalse([row for row in sheet._rows() if "past years" in row.get("source", "")])
        self.company.dunning_nl_compound = True
        sheet.invalidate_recordset(["compound_text"])
        found = self.penalty_on(until, invoice).interest
        year = sum(one.amount for one in found.segments if one.last <= date(2025, 5, 20))
        self.assertEqual(year, sum(one.amount for one in found.segments if not one.compounded))
        self.assertEqual({one.balance for one in found.segments if one.compounded}, {2000 + year})
        self.assertGreater(found.amount, simple.amount)
        self.assertIn("from the end of each year on", sheet.compound_text)
        said = [row for row in sheet._rows() if "includes interest of past years" in row.get("source", "")]
        self.assertEqual({row["first"] for row in said}, {date(2025, 5, 21), date(2025, 7, 1), date(2026, 1, 1)})
        item = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        account, waivers = self.account(customer), self.env["dunning.penalty.waiver"].sudo()
        waivers._waive(account, [(item, 10, 0, False)], "A gesture", until=until)
        self.assertEqual(self.penalty_on(until, invoice).interest.amount, simple.amount)
