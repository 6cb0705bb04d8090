from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import email_normalize

from . import queries
from .email.address import addresses


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
        found = self.env.execute_query(queries.reminded_before(self.env, saved.ids, self._channels_inside()))
        return saved.browse(row[0] for row in found)

    def _channels_inside(self):
        """Return the codes of the channels that reach no customer."""
        codes = self.env["dunning.level.channel"]._fields["channel"].get_values(self.env)
        return [code for code in codes if not self.env["dunning.channel"]._of(code)._reaches_customer]

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
        if self.env.context.get("dunning_automatic_mail"):
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
