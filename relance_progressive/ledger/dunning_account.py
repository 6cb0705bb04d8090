import json
from collections import defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

from markupsafe import escape

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount

from ..account.holds import holders
from ..core.decision.facts import AccountFacts, Credit, Hold, Item, Offer
from ..core.plain.money import less_refunds, settled_among
from . import queries, sending_queries


def meant_for(chosen, amount):
    """Return the items that a customer chose to pay online, with their shares of ``amount``, in the money's currency.

    :param chosen: ``payment.transaction.dunning_items`` as JSON, in the currency of the transaction, or empty
    """
    if not chosen:
        return ()
    shares = [(item, Decimal(share)) for item, share in json.loads(chosen)]
    whole = sum(share for _item, share in shares)
    if not whole:
        return ()
    cent = Decimal("0.01")
    return tuple((item, min(amount, (share * amount / whole).quantize(cent, ROUND_HALF_UP))) for item, share in shares)


UNSENT = "relance_progressive.mail_activity_unsent"
SOON = 7  # an invoice that falls due within these days is to be sent now


class DunningAccount(models.Model):
    """What the database knows of the accounts, as plain values, set-wise."""

    _inherit = "dunning.account"

    @api.model
    def _scope(self, company):
        """Return the ids of the trade receivable accounts and of the branches of a main company."""
        branches = self.env["res.company"].with_context(active_test=False).search([("id", "child_of", company.id)])
        accounts = self.env["account.account"].with_context(active_test=False).search([
            ("company_ids", "in", branches.ids),
            ("account_type", "=", "asset_receivable"),
            ("non_trade", "=", False),
        ])  # fmt: skip
        return accounts.ids, branches.ids

    @api.model
    def _changed(self, company, day):
        """Return ``[(account id or None, customer id, fingerprint)]`` of the customers to decide again."""
        return self.env.execute_query(queries.changed_accounts(self.env, company, *self._scope(company), day))

    @api.model
    def _owing_customers(self, company):
        """Return the ids of the customers that have open items."""
        rows = self.env.execute_query(queries.owing_customers(self.env, *self._scope(company)))
        return [partner for (partner,) in rows]

    @api.model
    def _read_facts(self, company, partners, day):
        """Return ``{customer id: (plan id, AccountFacts)}`` in one query, and one for rates where currencies meet.

        :param partners: ids of commercial partners.
        """
        items, credits, offers, others = defaultdict(list), defaultdict(list), defaultdict(list), {}
        outside, refunds = defaultdict(list), defaultdict(list)
        rows = self.env.execute_query(
            queries.facts(self.env, company, *self._scope(company), partners, day)
        )
        for (
            partner, kind, id_, due, amount, reference, level, level_date, excluded, known, level_due, stage,
            stage_due, own, until, discounted,
        ) in rows:  # fmt: skip
            if kind == "account":
                others[partner] = (reference, due, excluded)
                continue
            amount = Decimal(amount)
            own = Decimal(own) if reference else None
            if kind == "item":
                past = (level, level_date, excluded, known, level_due, stage, stage_due)
                items[partner].append(Item(id_, due, amount, *past, reference, own))
                if until:
                    offers[partner].append(Offer(id_, until, Decimal(discounted)))
                if excluded == "no_followup":
                    outside[partner].append(Credit("payment", -amount, None, (), reference, own and -own))
            elif kind == "entry":
                outside[partner].append(Credit("payment", amount, None, (), reference, own))
            elif kind == "refund":
                refunds[partner].append(Credit(kind, amount, due, (), reference, own))
            else:
                credits[partner].append(
                    Credit(kind, amount, due, meant_for(excluded, amount if own is None else own), reference, own)
                )
        units = self._units(company, items, credits, outside, refunds)
        for partner, entries in outside.items():
            credits[partner] += settled_among(entries, units)  # before they cover invoices
        self._add_rates(company, items, credits)
        return {
            partner: (plan, AccountFacts(
                items=tuple(items[partner]),
                credits=tuple(
                    less_refunds(credits[partner], refunds[partner], units) if refunds[partner] else credits[partner]
                ),
                holds=(Hold("archived"),) if archived else (),
                last_contact=last_contact,
                offers=tuple(offers.get(partner, ())),
                units=units,
            ))
            for partner, (plan, last_contact, archived) in others.items()
        }  # fmt: skip

    @api.model
    def _add_rates(self, company, items, credits):
        """Tell money what it buys of the other currencies that its customer owes, at the rate of its day."""
        wanted = defaultdict(list)
        for partner, money in credits.items():
            foreign = {item.currency for item in items.get(partner, ()) if item.currency}
            for index, credit in enumerate(money):
                for currency in foreign - {credit.currency}:
                    if credit.day:
                        wanted[currency, credit.day].append((partner, index))
        if not wanted:
            return
        for currency, day, rate in self.env.execute_query(queries.rates(company, list(wanted))):
            for partner, index in wanted[currency, day]:
                credit = credits[partner][index]
                credits[partner][index] = credit._replace(rates={**credit.rates, currency: Decimal(rate)})

    @api.model
    def _units(self, company, *found):
        """Return the smallest amounts of the currencies that are met, ``{id, or None for the company's: amount}``."""
        documents = (document for by_customer in found for own in by_customer.values() for document in own)
        currencies = self.env["res.currency"].browse({one.currency for one in documents if one.currency})
        return {
            None: Decimal(str(company.currency_id.rounding)),
            **{currency.id: Decimal(str(currency.rounding)) for currency in currencies},
        }

    @api.model
    def _holds(self, company, partners, day):
        """Return ``{customer id: [core.facts.Hold]}`` of all :mod:`.holds`."""
        holds = {}
        for partner, hold in chain.from_iterable(holders(self, company, partners, day)):
            holds.setdefault(partner, []).append(hold)
        return holds

    @api.model
    def _holds_of_books(self, company, partners, day):
        """Yield ``(customer id, hold)`` while the books are late, if the company wants it so."""
        stop = self._books_stop(company, day) if company.dunning_stale_mode == "hold" else None
        return ((partner, Hold("transit", since=stop)) for partner in partners if stop)

    @api.model
    def _holds_of_unsent(self, company, partners):
        """Yield ``(customer id, hold)`` of the invoices that were never sent: they wait for a person."""
        known = self.env.context.get("dunning_sending")  # a request brings no tuple
        if (known[0] if isinstance(known, tuple) else company.dunning_sending) == "sent":
            query = sending_queries.unsent_items(self.env, *self._scope(company), partners)
            for partner, item in self.env.execute_query(query):
                yield partner, Hold("unsent", item)

    @api.model
    def _books_stop(self, company, day):
        """Return where late books stop: asked once for all the batches of a run, which puts it in its context."""
        known = self.env.context.get("dunning_books")
        if known and known[:2] == (company.id, day):
            return known[2]
        return company._dunning_books_stop(day)

    # The tasks that many accounts share: one for each person in charge, kept up to date by the night.

    unsent_text = fields.Char("Not Sent by Odoo", compute="_compute_unsent_text")

    @api.depends_context("lang")
    def _compute_unsent_text(self):
        """Say which accounts have invoices that Odoo has not sent, where nobody has said how invoices leave."""
        asked = self.filtered(lambda account: not account.company_id.dunning_sending)
        moves = self.env["account.move"]
        mine = Domain("commercial_partner_id", "in", asked.partner_id.ids)
        counts = moves.sudo()._read_group(
            mine & moves._dunning_never_sent_domain(), ["commercial_partner_id", "company_id"], ["__count"]
        )  # fmt: skip
        for account in self:
            count = sum(
                found for partner, company, found in counts
                if account in asked and (partner, company.root_id) == (account.partner_id, account.company_id)
            )  # fmt: skip
            words = self.env._("Open invoices that Odoo has not sent: %(count)s", count=count)
            account.unsent_text = words if count else False

    @api.model
    def _follow_unsent(self, company, day):
        """Ask people to send the invoices that fall due and were never sent, where they leave by Odoo."""
        rows = []
        if company.dunning_sending == "sent":
            rows = self.env.execute_query(sending_queries.unsent_by_account(
                self.env, company, *self._scope(company), day + timedelta(days=SOON)
            ))  # fmt: skip

        def words(account, found):
            count, amount = sum(row[1] for row in found), sum(Decimal(row[2]) for row in found)
            total = format_amount(account.env, float(amount), account.currency_id)
            summary = account.env._("Invoices never sent: %(count)s (%(amount)s)", count=count, amount=total)
            return summary, account.env._(
                "They are due or soon will be, and no reminder leaves for them before the customers have them. Open "
                "“Invoices Never Sent”: send them, or say that the customer has them."
            )

        self._share_tasks(company, UNSENT, day, rows, words)

    def action_open_unsent(self):
        """Show the invoices of these customers that were never sent."""
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_unsent_action")
        mine = Domain("commercial_partner_id", "in", self.partner_id.ids)
        return {**action, "domain": list(self.env["account.move"]._dunning_never_sent_domain() & mine)}

    def _tasks(self, kind):
        """Return what is to be done about these accounts, of a type (external id); none once the type is deleted."""
        activity_type = self.env.ref(kind, raise_if_not_found=False)
        return self.env["mail.activity"].search([
            ("res_model", "=", self._name), ("res_id", "in", self.ids),
            ("activity_type_id", "=", activity_type.id if activity_type else 0),
        ])  # fmt: skip

    @api.model
    def _share_tasks(self, company, kind, day, rows, words):
        """Give each person in charge one task of a kind about all accounts of theirs, and end those that are over.

        :param kind: external id of the type of activity
        :param rows: tuples that begin with the id of an account, the most urgent first: the task stands on it
        :param words: a function ``(account in the language of the person, rows of the person) -> (summary, note)``
        """
        quick = {"mail_activity_quick_update": True, "dunning_no_follower": True}
        activities = self.env["mail.activity"].sudo().with_context(**quick)
        known = activities.search([
            ("activity_type_id", "=", self.env.ref(kind).id), ("res_model", "=", self._name),
            ("res_id", "in", self.sudo()._search([("company_id", "=", company.id)])),
        ])  # fmt: skip
        by_person = {}
        for row in rows:
            account = self.browse(row[0])
            if person := account._person_in_charge():
                by_person.setdefault(person, []).append(row)
        for person, found in by_person.items():
            account = self.browse(found[0][0]).with_context(lang=person.lang)
            summary, note = words(account, found)
            own = known.filtered(lambda task, person=person: task.user_id == person)[:1]
            values = {"summary": summary, "note": escape(note), "res_id": account.id}
            known -= own
            if not own:
                activities.create({
                    **values, "activity_type_id": self.env.ref(kind).id, "user_id": person.id, "date_deadline": day,
                    "res_model_id": self.env["ir.model"]._get_id(self._name), "automated": True,
                })  # fmt: skip
            elif (own.summary, own.res_id) != (summary, account.id):
                own.write(values)
        known.unlink()
