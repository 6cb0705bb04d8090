from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models
from odoo.fields import Command
from odoo.tools import format_amount, format_date, formatLang

from ....core.law.accrual import after
from ....core.law.regime import cite
from ..words import digits_of, indemnity_article, is_costs

ZERO = Decimal(0)


class Claim(NamedTuple):
    """What is invoiced of one item, in its currency."""

    item: object  # account.move.line
    penalty: object
    segments: tuple  # of interest, after the days that were invoiced already
    deducted: Decimal  # of their sum: waived, or invoiced before
    interest: Decimal
    indemnity: Decimal


class DunningPenaltyLine(models.Model):
    """Make penalty invoices: one for each customer, company and currency, one line for each invoice paid late."""

    _inherit = "dunning.penalty.line"

    @api.model
    def _claims(self, accounts, until, what="both", items=None):
        """Return ``{account: [Claim]}`` of what can be invoiced.

        :param until: the last day of interest
        :param what: ``both``, ``interest`` or ``indemnity``
        :param items: those that are meant, all by default
        """
        left = accounts.sudo()._penalties_left(until, items)
        records = self.env["account.move.line"].sudo().browse(left)
        invoiced = self.sudo()._invoiced(records.ids)
        by_customer = {(account.company_id, account.partner_id): account for account in accounts}
        claims = defaultdict(list)
        for item in records:
            last_day = invoiced[item.id].last_day if item.id in invoiced else None
            claim = self._claim(item, left[item.id], last_day, what)
            if claim.interest or claim.indemnity:
                claims[by_customer[item.company_id.root_id, item.partner_id.commercial_partner_id]].append(claim)
        return claims

    @api.model
    def _claim(self, item, penalty, last_day, what):
        """Return what can be invoiced of an item whose interest was invoiced up to ``last_day``."""
        digits = item.currency_id.decimal_places
        indemnity = penalty.indemnity_left if what != "interest" else ZERO
        segments = after(penalty.interest.segments, last_day, digits) if what != "indemnity" else ()
        total = sum((segment.amount for segment in segments), ZERO)
        if not segments or penalty.interest_left <= 0:
            return Claim(item, penalty, (), ZERO, ZERO, max(ZERO, indemnity))
        # A segment that was cut in two may have been rounded twice: that is nobody's waiver.
        rounding = Decimal(1).scaleb(-digits) * len(segments)
        missing = total - penalty.interest_left
        deducted = missing if missing > rounding else ZERO
        return Claim(item, penalty, segments, deducted, total - deducted, max(ZERO, indemnity))

    @api.model
    def _invoice(self, claims, day, due):
        """Make draft penalty invoices of ``{account: [Claim]}``, with the rights of the person; return them.

        :param day: date of the invoices
        :param due: day on which they are due
        """
        groups = defaultdict(list)
        for account, own in claims.items():
            account.check_access("write")
            for claim in own:
                groups[account, claim.item.company_id, claim.item.currency_id].append(claim)
        moves = self.env["account.move"]
        for (account, company, currency), own in groups.items():
            moves |= self.with_company(company)._make_invoice(account, company, currency, own, day, due)
        return moves

    def _make_invoice(self, account, company, currency, claims, day, due):
        """Make one draft penalty invoice."""
        address = account.partner_id.address_get(["followup", "invoice"])["invoice"]
        contact = self.env["res.partner"].browse(address)
        told = self.with_context(lang=contact.lang or account.partner_id.lang or self.env.lang)
        texts = [told._interest_text(claim) for claim in claims]
        lines = [line for claim, text in zip(claims, texts, strict=True) for line in told._lines(claim, company, text)]
        names = dict.fromkeys(claim.item.dunning_name for claim in claims)
        journal = company.sudo().dunning_penalty_journal_id
        move = self.env["account.move"].create({
            "move_type": "out_invoice", "company_id": company.id, "partner_id": address, "currency_id": currency.id,
            "invoice_date": day, "invoice_date_due": due, "invoice_payment_term_id": False,
            "fiscal_position_id": False, "invoice_origin": ", ".join(names), "narration": told._narration(claims),
            "invoice_line_ids": [Command.create(line) for line in lines],
            **({"journal_id": journal.id} if journal else {}),
        })  # fmt: skip
        move.sudo().dunning_is_penalty = True
        self._hold_claims(account, move, claims, texts)
        return move

    def _hold_claims(self, account, move, claims, texts):
        """Note what a draft invoice claims: nobody invoices these days again while it stands."""
        products, rows = iter(move.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))), []
        for claim, text in zip(claims, texts, strict=True):
            rows.append({
                "move_id": move.id, "account_id": account.id, "move_line_id": claim.item.id,
                "invoice_id": claim.item.move_id.id, "invoice_name": claim.item.dunning_name,
                "currency_id": move.currency_id.id, "interest_amount": float(claim.interest),
                "interest_computed": float(claim.interest), "indemnity_amount": float(claim.indemnity),
                "computation": text,
                "first_day": min(segment.first for segment in claim.segments) if claim.interest else False,
                "last_day": max(segment.last for segment in claim.segments) if claim.interest else False,
                "interest_line_id": next(products).id if claim.interest else False,
                "indemnity_line_id": next(products).id if claim.indemnity else False,
            })  # fmt: skip
        self.sudo().create(rows)
        self.env.flush_all()  # whoever was faster with the same days is told now
        account.sudo()._penalties_changed()

    # === WORDS, IN THE LANGUAGE OF THE CUSTOMER === #

    def _lines(self, claim, company, text):
        """Return the invoice lines of a claim: interest, indemnity; without any tax."""
        item = claim.item
        company = company.sudo()
        names = {"invoice": item.dunning_name, "due": format_date(self.env, item.date_maturity)}
        rows = []
        if claim.interest:
            rows.append(("interest", claim.interest, text))
        if claim.indemnity:
            rows.append(("indemnity", claim.indemnity, self.env._(
                "Recovery costs: invoice %(invoice)s, due on %(due)s", **names
            ) if is_costs(claim.penalty.regime) else self.env._(
                "Fixed indemnity for recovery costs: invoice %(invoice)s, due on %(due)s", **names
            )))  # fmt: skip
        return [
            {
                "name": label, "quantity": 1, "price_unit": float(amount), "tax_ids": [Command.clear()],
                "account_id": company._dunning_penalty_account(kind).id,
            }
            for kind, amount, label in rows
        ]  # fmt: skip

    def _interest_text(self, claim):
        """Return the computation of the interest, which anyone can do again by hand."""
        item, currency = claim.item, claim.item.currency_id
        words = [self.env._(
            "Late interest: invoice %(invoice)s, due on %(due)s", invoice=item.dunning_name,
            due=format_date(self.env, item.date_maturity),
        )]  # fmt: skip
        words += [
            self.env._(
                "%(first)s to %(last)s: %(balance)s × %(days)s × %(rate)s%% / %(base)s = %(amount)s",
                first=format_date(self.env, segment.first), last=format_date(self.env, segment.last),
                balance=self._money(segment.balance, currency),
                days=self.env["dunning.reminder"]._days_in_words(segment.days),
                rate=formatLang(self.env, float(segment.rate), digits=max(2, digits_of(segment.rate))),
                base=segment.base,
                amount=self._money(segment.amount, currency),
            )
            for segment in claim.segments
        ]  # fmt: skip
        if claim.deducted:
            words.append(self.env._(
                "Paid, waived or claimed before: −%(amount)s", amount=self._money(claim.deducted, currency)
            ))
        return "\n".join(words)

    def _money(self, amount, currency):
        return format_amount(self.env, float(amount), currency)

    def _narration(self, claims):
        """Return what the document has to say: outside VAT, and the articles that the amounts come from."""
        company = claims[0].item.company_id.sudo()
        french = company.account_fiscal_country_id.code == "FR"
        words = [
            self.env._("Late payment penalties: outside the scope of VAT (CGI art. 256).")
            if french
            else self.env._("Late payment penalties: outside the scope of VAT.")
        ]
        articles = dict.fromkeys(
            segment.source.article for claim in claims for segment in claim.segments if segment.source.article
        )
        if articles:
            told = cite(", ".join(articles), self.env.lang)
            words.append(self.env._("Late interest: %(articles)s.", articles=told))
        fixed = [claim.penalty.regime for claim in claims if claim.indemnity]
        if articles := cite(", ".join(dict.fromkeys(indemnity_article(regime) for regime in fixed)), self.env.lang):
            costs = is_costs(fixed[0])
            words.append(
                self.env._("Recovery costs: %(articles)s.", articles=articles)
                if costs
                else self.env._("Fixed indemnity: %(articles)s.", articles=articles)
            )
        return Markup("<br/>").join(words)
