import re

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..settings.inside import Mark, is_marked
from . import queries
from .dunning_level import PLACEHOLDERS, _contact_text
from .email.address import addresses

PLACEHOLDER = re.compile(r"\{(\w+)\}")
GIVEN_UP = ("failed", "bounced", "cancelled")


class DunningReminder(models.Model):
    """What channels say of a reminder, and the news that come back by e-mail."""

    _inherit = "dunning.reminder"

    despite_text = fields.Char(
        "Reminded Before, in Words", compute="_compute_despite_text",
        help="“Despite our reminders, and unless we are mistaken,”: what a firm text begins with. Without the "
        "reminders where the customer has received none about these invoices, after a take-over for example.",
    )  # fmt: skip

    @api.depends("line_ids.move_line_id", "line_ids.upcoming")
    @api.depends_context("lang")
    def _compute_despite_text(self):
        reminded = self._reminded_before()
        for reminder in self:
            reminder.despite_text = (
                self.env._("Despite our reminders, and unless we are mistaken,")
                if reminder in reminded
                else self.env._("Unless we are mistaken,")
            )

    def _reminded_before(self):
        """Return those of which something claimed was asked for before, in a message that reached the customer."""
        saved = self.filtered("id")
        if not saved:
            return saved
        inside = self.env["dunning.channel"]._codes("_reaches_customer", False)
        found = self.env.execute_query(queries.reminded_before(self.env, saved.ids, inside))
        return saved.browse(row[0] for row in found)

    def _email_text(self):
        """Return the template of this e-mail: that of the formal notice to such a customer, else that of its level."""
        self.ensure_one()
        return self._notice_text() or self.level_id.template_id

    def _message_receive_bounce(self, email, partner):
        """Undo reminders whose message came back from every address it was sent to."""
        wanted = set(addresses(email))
        reason = self.env._("The e-mail to %(address)s came back: it could not be delivered.", address=email)
        for reminder in self.sudo().with_context(tracking_disable=True):
            for delivery in reminder.delivery_ids.filtered(lambda delivery: delivery.channel == "email"):
                written_to = (delivery.address or "").split(", ")
                left = [address for address in written_to if address not in wanted]
                if left and len(left) < len(written_to):
                    delivery.write({"address": ", ".join(left), "reason": reason})
                    summary = self.env._("One of the addresses of %(customer)s", customer=reminder.partner_id.name)
                    reminder._tell_person_in_charge(summary, reason)
                elif not left:
                    delivery._bounced(reason)
        return super()._message_receive_bounce(email, partner)

    @api.private  # the mail gateway calls it, as superuser: whoever could call it would answer for any customer
    def message_update(self, msg_dict, update_vals=None):
        """Note that the customer answered, and tell the person in charge.

        What a program or one of us has written is kept and proves nothing: nobody answered.
        """
        if is_marked(self.env, Mark.AUTOMATIC_MAIL):
            self._mark_as_automatic(msg_dict)
            return super().message_update(msg_dict, update_vals=update_vals)
        if self._is_ours(msg_dict.get("email_from")):
            return super().message_update(msg_dict, update_vals=update_vals)
        for reminder in self.sudo().with_context(tracking_disable=True):
            reminder.delivery_ids.filtered(lambda delivery: delivery.channel == "email")._answered()
            reminder._tell_person_in_charge(
                self.env._("Answer to reminder %(name)s", name=reminder.name), msg_dict.get("subject") or ""
            )
        return super().message_update(msg_dict, update_vals=update_vals)

    def _mark_as_automatic(self, msg_dict):
        """Have an automatic message kept as a note that says what it is, and that nobody is told of."""
        company = self[:1].company_id
        lang = self[:1]._person_in_charge().lang or company.partner_id.lang or self.env.lang
        words = self.with_context(lang=lang).env._("Automatic message: it is no answer of the customer.")
        msg_dict["body"] = Markup("<p><em>%s</em></p>%s") % (words, msg_dict.get("body") or "")
        msg_dict["is_internal"] = True
        msg_dict.pop("parent_id", None)  # Odoo would tell its author

    def _is_ours(self, sender):
        """Tell whether an address is one of this company: what is sent from it is no answer of a customer."""
        address = email_normalize(sender or "")
        company = self[:1].company_id.sudo()
        domain = company.alias_domain_id
        own = {email_normalize(one or "") for one in (
            company.email, company.partner_id.email, domain.bounce_email, domain.catchall_email,
            domain.default_from_email,
        )}  # fmt: skip
        if not address or address in own - {False}:
            return bool(address)
        users = self.env["res.users"].sudo().search([("email_normalized", "=", address), ("share", "=", False)])
        return any(map(company._dunning_works_here, users))

    def _tell_person_in_charge(self, summary, note):
        """Give the person in charge something to do about this reminder."""
        self.ensure_one()
        if user := self._person_in_charge():
            self.activity_schedule("mail.mail_activity_data_todo", summary=summary, note=escape(note), user_id=user.id)

    def _address_found(self, names):
        """Send again the failed reminders whose address was missing or wrong, now that these fields have changed."""
        concerned = self.filtered(lambda reminder: reminder.state == "failed" and reminder._failed_for_want_of(names))
        concerned.with_context(tracking_disable=True)._new_round()

    def _failed_for_want_of(self, names):
        """Tell whether a channel that reads one of these fields of a contact failed because of the address.

        A call that nobody answered is tried again at another number.
        """
        return any(
            delivery.state == "bounced" or delivery.failure in ("missing", "refused")
            or delivery.failure == "no_answer" and "phone" in names
            for delivery in self.delivery_ids
            if not delivery.tried_again and self.env["dunning.channel"]._of(delivery.channel)._contact_fields & names
        )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Have nobody follow a reminder for having to make its call."""
        if is_marked(self.env, Mark.NO_FOLLOWER):
            return True
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    # === ITS CALL === #

    call_ids = fields.One2many("dunning.call", "reminder_id", "Calls", readonly=True)
    call_delivery_id = fields.Many2one("dunning.delivery", "Call to Make", compute="_compute_call_delivery_id")

    @api.depends("delivery_ids.state", "delivery_ids.channel")
    def _compute_call_delivery_id(self):
        for reminder in self:
            waiting = reminder.delivery_ids.filtered(lambda one: one.channel == "call" and one.state == "ready")
            reminder.call_delivery_id = waiting[:1]

    def action_call(self):
        """Show the call to make."""
        self.ensure_one()
        if not self.call_delivery_id:
            raise UserError(self.env._("%(name)s: there is no call to make.", name=self.name))
        return self.call_delivery_id.action_open_call()

    def _call_script(self):
        """Return what to say, in the language of the user who calls: a list of ``(title, lines)``."""
        self.ensure_one()
        blocks = []
        for line in filter(None, map(str.strip, self._call_words().splitlines())):
            if line.endswith(":"):
                blocks.append((line[:-1].strip(), []))
            elif blocks:
                blocks[-1][1].append(line)
            else:
                blocks.append(("", [line]))
        return blocks

    def _call_words(self, own=True):
        """Return what to say as one text: what a person wrote for this reminder as it stands, else that of the level.

        :param own: False for the words of the level alone
        """
        if own and self.own_script:
            return self.own_script
        text = self.level_id.call_script or self.level_id._standard_call_script()
        words = {name: str(self[name]) for name in PLACEHOLDERS}
        oldest = min(self._lines_of_the_claim().filtered("date_maturity").mapped("date_maturity"), default=self.date)
        days = max(0, (self.company_id._dunning_today() - oldest).days)
        words |= {"days_late": str(days), "days_text": self._days_in_words(days)}
        words["user_name"] = self.env.user.name
        return PLACEHOLDER.sub(lambda found: words.get(found[1], found[0]), text)

    contact_text = fields.Char("How to Answer, in Words", compute="_compute_contact_text")
    customer_link = fields.Char("Page of the Customer", compute="_compute_customer_link")

    @api.depends("user_phone", "user_email")
    @api.depends_context("lang")
    def _compute_contact_text(self):
        for reminder in self:
            reminder.contact_text = _contact_text(self.env, reminder.user_phone, reminder.user_email)

    @api.depends_context("uid")  # who only looks is shown none
    def _compute_customer_link(self):
        for reminder in self:
            reminder.customer_link = reminder._customer_link()

    # === REGISTERED LETTER === #
    # What it says differently, and what became of it.

    notice_text = fields.Text("Registered Letters", compute="_compute_notice_text")
    copy_text = fields.Char(
        "Copy of a Registered Letter, in a Sentence", compute="_compute_copy_text",
        help="Said by the e-mail that goes with a registered letter; empty in the letter, and where there is none.",
    )  # fmt: skip

    def _counted_from_receipt(self):
        """Return those whose time to pay begins with the receipt of a registered letter: this one or a copied one."""
        with_days = self.filtered("level_id.notice_days")
        return with_days if self.env.context.get("dunning_registered") else with_days._copies_of_registered()

    @api.model
    def _receipt_in_words(self, days, this_letter):
        """Return a deadline that is counted from the receipt, after “by”."""
        if this_letter:
            if days == 1:
                return self.env._("the day after receipt of this letter")
            return self.env._("day %(days)s after receipt of this letter", days=days)
        if days == 1:
            return self.env._("the day after receipt of our registered letter")
        return self.env._("day %(days)s after receipt of our registered letter", days=days)

    @api.depends("level_id", "partner_id", "delivery_ids.state")
    @api.depends_context("lang", "dunning_registered")
    def _compute_copy_text(self):
        copies = self._copies_of_registered()
        for reminder in self:
            reminder.copy_text = self._copy_in_words() if reminder in copies else ""

    @api.model
    def _copy_in_words(self):
        """Return what the e-mail that goes with a registered letter says of it."""
        return self.env._("This notice is sent to you by registered letter, of which this message is the copy.")

    def _copies_of_registered(self):
        """Return those whose e-mail goes with a registered letter, which is on its way or leaves with it.

        An e-mail that takes the place of a letter that failed is a copy of nothing.
        """
        if self.env.context.get("dunning_registered"):
            return self.browse()
        found, to_ask = self.browse(), {}
        for reminder in self.filtered("id"):
            codes = reminder.level_id._registered_beside_email()
            sent = reminder.delivery_ids.filtered(lambda one, codes=codes: one.channel in codes and not one.tried_again)
            if sent.filtered(lambda one: one.state not in GIVEN_UP):
                found |= reminder
                continue
            for code in set(codes) - set(sent.mapped("channel")):
                to_ask.setdefault(code, []).append(reminder.id)
        for code, ids in to_ask.items():
            missing = self.env["dunning.channel"]._of(code)._missing(self.browse(ids))
            found |= self.browse(id_ for id_ in ids if id_ not in missing)
        return found

    @api.depends("delivery_ids.notice_text")
    def _compute_notice_text(self):
        for reminder in self:
            reminder.notice_text = "\n".join(reminder.delivery_ids.filtered("notice_text").mapped("notice_text"))
