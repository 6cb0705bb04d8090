from odoo import api, fields, models
from odoo.exceptions import UserError

from ..core.said import calls
from ..settings.inside import Mark, marked
from . import queries
from .dunning_channel import Target

CONTACT_FIELDS = ("email", "phone", "street", "zip", "city")
BATCH = 2000


class DunningAccount(models.Model):
    """Whom the plan of an account can reach, and what is missing, before anything is sent."""

    _inherit = "dunning.account"

    reach = fields.Selection(
        [("all", "Every level"), ("some", "Not by every channel"), ("none", "Cannot be reached")],
        "Reached By", compute="_compute_reach",
        help="“Cannot be reached”: at least one level of the plan has no channel left that could reach this customer.",
    )  # fmt: skip
    reach_problem = fields.Text("What Is Missing", compute="_compute_reach")
    reach_contact_id = fields.Many2one("res.partner", "Whose Data", compute="_compute_reach")
    reach_email = fields.Char("E-mail", compute="_compute_reach_data", readonly=False, people=True)
    reach_phone = fields.Char("Phone", compute="_compute_reach_data", readonly=False, people=True)
    reach_street = fields.Char("Street", compute="_compute_reach_data", readonly=False, people=True)
    reach_zip = fields.Char("Postal Code", compute="_compute_reach_data", readonly=False, people=True)
    reach_city = fields.Char("City", compute="_compute_reach_data", readonly=False, people=True)

    mailbox_text = fields.Char("Shared Mailbox", compute="_compute_mailbox_text")

    @api.depends("partner_id", "company_id.dunning_mailbox")
    @api.depends_context("lang")
    def _compute_mailbox_text(self):
        """Say that what this customer receives goes where reminders of other customers go, and what follows."""
        channels = self.env["dunning.channel"]
        invoiced = channels._invoiced(queries.invoiced_of_accounts(self.env, self.ids)) if self.ids else {}
        email = channels._of("email").sudo()
        recipients = email._recipients(self._as_targets("friendly", invoiced))
        for account in self:
            others = account._others_with(recipients[account.id])
            address = recipients[account.id].address
            account.mailbox_text = account._mailbox_in_words(address, others) if others else False

    def _others_with(self, recipient):
        """Return the other accounts that owe something and have a contact with one of these addresses."""
        known = [address for _name, address in recipient.to]
        contacts = self.env["res.partner"].sudo().search([("email_normalized", "in", known)]) if known else None
        return contacts and self.search([
            ("partner_id", "in", contacts.commercial_partner_id.ids), ("company_id", "=", self.company_id.id),
            ("id", "!=", self.id), ("amount_due", ">", 0),
        ])  # fmt: skip

    def _mailbox_in_words(self, address, others):
        words = {"address": address, "count": len(others), "names": ", ".join(others[:3].partner_id.mapped("name"))}
        if self.company_id.dunning_mailbox == "spread":
            return self.env._(
                "%(address)s also receives the reminders of other customers (%(count)s: %(names)s): one message a day, "
                "the others on the following days.", **words,
            )  # fmt: skip
        return self.env._(
            "%(address)s also receives the reminders of other customers (%(count)s: %(names)s): one message for each.",
            **words,
        )

    @api.depends("plan_id", "partner_id")
    @api.depends_context("lang")
    def _compute_reach(self):
        found = self._reach_problems()
        for account in self:
            reach, problems = found.get(account.id, ("all", []))
            account.reach = reach
            account.reach_problem = "\n".join(dict.fromkeys(problem for _contact, problem in problems))
            account.reach_contact_id = problems[0][0] if problems else account.partner_id

    def _reach_problems(self):
        """Return ``{account id: ("some" or "none", [(contact id, problem)])}``, for those that have a problem.

        The channels say it themselves, for each stage of the plan: the same answer as on the day of
        the hand-over. Set-wise: a few queries per channel.
        """
        recipients, result = self._reach_recipients(), {}
        for account in self:
            problems, reach = [], "all"
            for level in account.plan_id.sudo().level_ids:
                steps = [recipients.get((code, account.id, level.stage)) for code in level._customer_channels()]
                known = [recipient for recipient in steps if recipient]
                wrong = [recipient for recipient in known if recipient.problem]
                if not wrong:
                    continue
                reach = "none" if len(wrong) == len(known) else ("some" if reach == "all" else reach)
                problems += [(recipient.contact_id, recipient.problem) for recipient in wrong]
            if problems:
                result[account.id] = (reach, problems)
        return result

    def _reach_recipients(self):
        """Return ``{(channel, account id, stage): Recipient}`` for every stage and channel of the plans."""
        wanted = {}
        for plan, own in self.grouped("plan_id").items():
            for level in plan.sudo().level_ids:
                for code in level._customer_channels():
                    wanted.setdefault((code, level.stage), self.browse())
                    wanted[code, level.stage] |= own
        recipients, channels = {}, self.env["dunning.channel"]
        invoiced = channels._invoiced(queries.invoiced_of_accounts(self.env, self.ids)) if self.ids else {}
        for (code, stage), accounts in wanted.items():
            channel = channels._of(code).sudo()
            for account, recipient in channel._recipients(accounts._as_targets(stage, invoiced)).items():
                recipients[code, account, stage] = recipient
        return recipients

    def _as_targets(self, stage, invoiced):
        return [
            Target(
                account.id, account.partner_id.id, account.company_id.id, stage, invoiced=invoiced.get(account.id, ()),
            )
            for account in self
        ]  # fmt: skip

    # === TYPED IN === #

    @api.depends("reach_contact_id")
    def _compute_reach_data(self):
        for account in self:
            contact = account.sudo().reach_contact_id
            for name in CONTACT_FIELDS:
                account[f"reach_{name}"] = contact[name]

    def write(self, vals):
        """Write on the contact what a person typed in for want of it; hand the calls over to a new person in charge."""
        typed = {name: vals[f"reach_{name}"] for name in CONTACT_FIELDS if f"reach_{name}" in vals}
        if typed:
            self._complete_contacts(typed)
            vals = {name: value for name, value in vals.items() if name.removeprefix("reach_") not in typed}
        res = super().write(vals) if vals else True
        if "user_id" in vals:
            waiting = self.env["dunning.delivery"].sudo().search([
                ("channel", "=", "call"), ("state", "=", "ready"), ("reminder_id.account_id", "in", self.ids),
            ])  # fmt: skip
            for user, own in waiting.grouped(lambda delivery: delivery.reminder_id._person_in_charge()).items():
                marked(own._call_activities(), Mark.NO_FOLLOWER).user_id = user
        return res

    def _complete_contacts(self, values):
        """Complete the contacts whose data are missing or broken: who may remind may say where.

        :raise UserError: for anything that is not missing, and for the e-mail address of somebody who can log in
        """
        self.check_access("write")
        for account in self.sudo():
            contact = account.reach_contact_id
            changed = {name: value for name, value in values.items() if (contact[name] or "") != (value or "")}
            if not changed:
                continue
            missing = account._missing_fields()
            if changed.keys() - missing or ("email" in changed and contact.user_ids):
                raise UserError(self.env._(
                    "Only what is missing can be completed here. Change the rest on the contact %(contact)s.",
                    contact=contact.display_name,
                ))  # fmt: skip
            contact.write(changed)
            words = ", ".join(
                f"{contact._fields[name]._description_string(self.env)}: {value or '-'}"
                for name, value in changed.items()
            )
            account._message_log(body=self.env._(
                "%(user)s completed %(contact)s: %(values)s",
                user=self.env.user.name, contact=contact.display_name, values=words,
            ))  # fmt: skip
        self.invalidate_recordset()

    def _missing_fields(self):
        """Return the names of the fields of the contact that the channels with a problem read."""
        recipients = self._reach_recipients()
        codes = {code for (code, _account, _stage), recipient in recipients.items() if recipient.problem}
        return set().union(*(self.env["dunning.channel"]._of(code)._contact_fields for code in codes))

    @api.model
    def action_open_unreachable(self):
        """Show the customers who owe something and whom a level of their plan cannot reach."""
        owing = self.search([("amount_due", ">", 0), ("plan_id", "!=", False)], order="id")
        found = {}
        for start in range(0, len(owing), BATCH):
            found.update(owing[start : start + BATCH]._reach_problems())
            self.env.invalidate_all()
        action = self.env["ir.actions.act_window"]._for_xml_id("relance_progressive.dunning_account_reach_action")
        return action | {"domain": [("id", "in", list(found))]}

    # === CALLS === #

    call_ids = fields.Many2many("dunning.call", string="Calls", compute="_compute_call_ids")
    dispute_call_ids = fields.Many2many("dunning.call", string="Open Disputes", compute="_compute_call_ids")

    @api.depends("reminder_ids.call_ids.dispute_closed_at", "dispute_ids.state")
    def _compute_call_ids(self):
        calls_of = self.env["dunning.call"].search([("reminder_id.account_id", "in", self.ids)]).grouped("account_id")
        for account in self:
            own = calls_of.get(account._origin, self.env["dunning.call"])
            account.call_ids = own
            account.dispute_call_ids = own.filtered(
                lambda call: call.outcome == calls.CONTESTS and not call.dispute_closed_at and not call.dispute_ids
            )

    def action_close_disputes(self):
        """Record that what the customer contested on the phone is settled."""
        self.dispute_call_ids.action_close_dispute()
