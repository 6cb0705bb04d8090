from markupsafe import Markup

from odoo import api, models
from odoo.tools.mail import generate_tracking_message_id

from .. import queries
from ..dunning_channel import ACCEPTED, Outcome, Recipient


class DunningChannelNote(models.AbstractModel):
    """Tell a colleague: something to do on the customer's page, and one message a batch. The customer sees nothing.

    All of it is written to the database, with the delivery or not at all: nothing can be in doubt.
    """

    _name = "dunning.channel.note"
    _inherit = ["dunning.channel"]
    _description = "Note Inside the Company"

    _reaches_customer = False
    _contact_fields = frozenset({"user_id"})

    # === RECIPIENTS === #

    @api.model
    def _recipients(self, targets):
        """Return the salesperson, else the person in charge, for targets that have no level yet."""
        return {
            target.key: self._recipient(target, salesperson or in_charge)
            for target, (salesperson, in_charge) in self._colleagues(targets)
        }  # fmt: skip

    def _recipient(self, target, user):
        if not user:
            problem = self.env._("Nobody to tell: the customer has no salesperson and the account nobody in charge.")
            return Recipient(target.partner_id, "", "", "", problem)
        return Recipient(user.partner_id.id, user.name, user.email or user.login, user.lang)

    def _colleagues(self, targets):
        """Return ``[(target, (salesperson, person in charge))]``, empty who left or does not see the company."""
        customers = {target.partner_id for target in targets}
        accounts = self.env["dunning.account"].sudo().search([
            ("partner_id", "in", list(customers)), ("company_id", "in", [target.company_id for target in targets]),
        ])  # fmt: skip
        in_charge = {(account.partner_id.id, account.company_id.id): account.user_id for account in accounts}
        partners = self.env["res.partner"].sudo().browse(customers)
        salespeople = {partner.id: partner.user_id for partner in partners}
        companies, nobody = self.env["res.company"].sudo(), self.env["res.users"].sudo()
        found = []
        for target in targets:
            company = companies.browse(target.company_id)
            person = company._dunning_person(in_charge.get((target.partner_id, company.id), nobody))
            salesperson = salespeople[target.partner_id]
            at_work = salesperson if company._dunning_works_here(salesperson) else nobody
            found.append((target, (at_work, person)))
        return found

    def _users(self, reminders):
        """Return ``{reminder: user}``: whom its level tells, else the other one."""
        users = {}
        for target, (salesperson, in_charge) in self._colleagues(self._targets(reminders)):
            reminder = reminders.browse(target.key)
            users[reminder] = in_charge or salesperson
            if reminder.level_id.note_to == "salesperson":
                users[reminder] = salesperson or in_charge
        return users

    # === TEXT === #

    @api.model
    def _render(self, reminders):
        contents = {}
        for reminder, user in self._users(reminders).items():
            lang = reminder._language(user.lang)
            worded = reminder.with_prefetch(reminders._prefetch_ids).with_context(lang=lang)
            contents[reminder.id] = {
                "address": user.email or user.login,
                "contact_id": user.partner_id.id,
                "user_id": user.id,
                "lang": lang,
                "subject": worded.env._("Reminders of %(customer)s", customer=worded.customer_name),
                "body": Markup("<p>%s</p>") % self._words(worded),
            }
        return contents, {}

    def _words(self, reminder):
        """Return what a colleague should know at this stage, in the language of the reminder's context."""
        env = reminder.env
        words = {
            "customer": reminder.customer_name, "amount": reminder.amount_text, "count": reminder.count_text,
            "days": reminder.days_text, "oldest": reminder.oldest_due_text,
        }  # fmt: skip
        texts = {
            "pre_due": env._("%(customer)s: %(count)s, %(amount)s, due on %(oldest)s. Nothing is late yet.", **words),
            "friendly": env._(
                "%(customer)s: %(count)s, %(amount)s, late by %(days)s. A word when you next speak to them "
                "may be enough.", **words,
            ),
            "firm": env._(
                "%(customer)s: %(count)s, %(amount)s, late by %(days)s. Please find out "
                "with the customer what stands in the way.", **words,
            ),
            "formal_notice": env._(
                "%(customer)s: %(count)s, %(amount)s, late by %(days)s, formal notice. Please ask accounting "
                "before you promise or deliver anything more.", **words,
            ),
        }  # fmt: skip
        return texts[reminder.stage or "friendly"]

    # === HAND-OVER === #

    @api.model
    def _hand_over(self, contents, begin):
        """Accept all of them: nothing leaves the database before ``_keep``, in the transaction that records it."""
        for reminder_id in contents:
            yield reminder_id, Outcome(ACCEPTED)

    @api.model
    def _keep(self, contents):
        """Give each colleague something to do on each customer, one message about all, and keep the notes."""
        reminders = self.env["dunning.reminder"].browse(contents)
        self._give_activities(reminders, contents)
        self._notify(reminders, contents)
        notes = self._subtype("note")
        author = self.env.ref("base.partner_root").id
        messages = self.env["mail.message"].sudo().create([
            {
                "model": reminder._name, "res_id": reminder.id, "subtype_id": notes, "author_id": author,
                "message_type": "notification", "is_internal": True, "subject": contents[reminder.id]["subject"],
                "message_id": generate_tracking_message_id("dunning-colleague"), "email_from": False,
                "reply_to": False, "email_add_signature": False, "record_company_id": False,
                "record_alias_domain_id": False,
            }
            for reminder in reminders
        ])  # fmt: skip
        bodies = [contents[reminder.id]["body"] for reminder in reminders]
        self.env.execute_query(queries.write_bodies(dict(zip(messages.ids, bodies, strict=True))))
        messages.invalidate_recordset(["body"], flush=False)
        return dict(zip(contents, messages.ids, strict=True))

    def _give_activities(self, reminders, contents):
        """Create what is to be done, on the customers: a salesperson may have no access to reminders."""
        # Quick: one message for all takes the place of one e-mail for each.
        activities = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        model = self.env["ir.model"]._get_id("res.partner")
        kind = self.env.ref("mail.mail_activity_data_todo").id
        activities.create([
            {
                "res_model_id": model, "res_id": reminder.partner_id.id, "activity_type_id": kind,
                "user_id": contents[reminder.id]["user_id"], "date_deadline": reminder.date,
                "summary": contents[reminder.id]["subject"], "note": contents[reminder.id]["body"],
            }
            for reminder in reminders
        ])  # fmt: skip

    def _notify(self, reminders, contents):
        """Tell each colleague once, in Odoo or by e-mail as his preferences say."""
        by_person = reminders.grouped(lambda reminder: (reminder.company_id, contents[reminder.id]["contact_id"]))
        for (company, contact), own in by_person.items():
            lang = contents[own[0].id]["lang"]
            env = self.with_context(lang=lang).with_company(company).env
            body = Markup().join(contents[reminder.id]["body"] for reminder in own)
            env["mail.thread"].sudo().message_notify(
                partner_ids=[contact],
                subject=env._("Payment reminders: %(count)s of your customers", count=len(own)),
                body=body,
                author_id=env.ref("base.partner_root").id,
                email_from=company.email_formatted or company.partner_id.email_formatted,
            )
