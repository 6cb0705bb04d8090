import base64

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import format_date

from ...core.plain.trouble import OutOfOrder, is_disk_full
from ...settings.database import check_real
from ...settings.inside import without_ours

STATES = [("printing", "Being Printed"), ("printed", "To Post"), ("posted", "Posted"), ("cancelled", "Cancelled")]
LETTER_STATES = [
    ("waiting", "To Print"), ("printed", "Printed"), ("posted", "Posted"), ("failed", "Failed"),
    ("dropped", "Left Out"),
]  # fmt: skip


class DunningMailing(models.Model):
    """A day's post: letters printed together, taken to the post together."""

    _name = "dunning.mailing"
    _inherit = ["mail.thread"]
    _description = "Letters Printed Together"
    _order = "id DESC"
    _mail_post_access = "read"  # nobody writes a mailing, its buttons do: its files are what was posted

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    state = fields.Selection(STATES, "Status", required=True, readonly=True, default="printing", tracking=True)
    user_id = fields.Many2one("res.users", "Printed By", readonly=True, default=lambda self: self.env.user)
    letter_ids = fields.One2many("dunning.mailing.letter", "mailing_id", "Letters", readonly=True)
    posted_on = fields.Date(readonly=True)
    document = fields.Binary("Letters to Print", readonly=True, attachment=True)
    document_name = fields.Char(readonly=True)
    list_document = fields.Binary("List", readonly=True, attachment=True)
    list_name = fields.Char(readonly=True)
    letter_count = fields.Integer("In the Envelopes", compute="_compute_counts")
    page_count = fields.Integer("Pages", compute="_compute_counts")
    left_out_count = fields.Integer("Left Out", compute="_compute_counts")

    @api.depends("letter_ids.state", "letter_ids.pages")
    def _compute_counts(self):
        groups = self.env["dunning.mailing.letter"]._read_group(
            [("mailing_id", "in", self.ids)], ["mailing_id", "state"], ["__count", "pages:sum"]
        )
        counts = {(mailing, state): (count, pages) for mailing, state, count, pages in groups}
        for mailing in self:
            own = {state: counts.get((mailing._origin, state), (0, 0)) for state in dict(LETTER_STATES)}
            mailing.letter_count = own["printed"][0] + own["posted"][0]
            mailing.page_count = own["printed"][1] + own["posted"][1]
            mailing.left_out_count = own["failed"][0] + own["dropped"][0]

    # === LIFE === #

    @api.model
    def _make(self, deliveries):
        """Put letters that wait into mailings, one per company; return the mailings.

        :raise UserError: if none of them waits to be printed
        """
        deliveries.check_access("read")
        check_real(self.env)
        taken = self.env["dunning.mailing.letter"].sudo().search([
            ("delivery_id", "in", deliveries.ids), ("state", "in", ("waiting", "printed")),
        ])  # fmt: skip
        waiting = deliveries.filtered("to_print") - taken.delivery_id
        if not waiting:
            raise UserError(self.env._("None of these letters waits to be printed."))
        waiting.reminder_id.check_access("write")
        mailings = self.sudo().create([
            {
                "name": self.env._("Letters of %(day)s", day=format_date(self.env, company._dunning_today())),
                "company_id": company.id,
                "letter_ids": [
                    Command.create({"number": number, "delivery_id": delivery.id, "address": delivery.address})
                    for number, delivery in enumerate(own.sorted(_place_in_the_post), start=1)
                ],
            }
            for company, own in waiting.sudo().grouped("company_id").items()
        ])
        return mailings.sudo(self.env.su)

    def _check_may_act(self):
        """Check that the user may act on these letters: whoever may write their reminders.

        :raise odoo.exceptions.AccessError: if not
        """
        self.check_access("read")
        self.sudo().letter_ids.delivery_id.reminder_id.sudo(self.env.su).check_access("write")

    def action_continue(self):
        """Print, with a progress bar, what is not printed yet."""
        self._check_may_act()
        check_real(self.env)
        return {
            "type": "ir.actions.client",
            "tag": "relance_progressive.mailing_progress",
            "name": self.env._("Printing the Letters"),
            "target": "new",
            "params": {"mailings": self.ids},
        }

    def print_next(self, limit=10):
        """Print a few letters more, and all in one file when none is left; called until ``finished``.

        :return: ``{"done", "total", "failed", "finished"}``; ``busy`` when someone else is at work on them
        """
        self.ensure_one()
        self._check_may_act()
        check_real(self.env)
        mailing = without_ours(self.sudo()).with_context(tracking_disable=True)
        if not mailing.try_lock_for_update(allow_referencing=True):
            return {**mailing._progress(), "busy": True}
        mailing.invalidate_recordset()
        if mailing.state == "printing":
            try:
                with self.env.cr.savepoint():
                    mailing._print_some(limit)
            except LockError:
                return {**mailing._progress(), "busy": True}
            except (OutOfOrder, OSError) as error:
                raise UserError(self._why_not_printed(error)) from error
        return mailing._progress()

    def _print_some(self, limit):
        """Print the next letters, and all in one file after the last of them.

        :raise odoo.exceptions.LockError: if someone else is just at work on one of the accounts
        """
        batch = self.letter_ids.filtered(lambda letter: letter.state == "waiting")[:limit]
        batch._print(self.company_id._dunning_today())
        if not self.letter_ids.filtered(lambda letter: letter.state == "waiting"):
            self._finish()

    def _why_not_printed(self, error):
        """Return why nothing could be printed, and what becomes of the letters."""
        words = self.env._("There is no room left on the disk of the server.") if is_disk_full(error) else str(error)
        return self.env._(
            "%(reason)s\n\nThe letters stay as they were: print them again once this is mended.", reason=words
        )

    def _progress(self):
        states = self.letter_ids.mapped("state")
        return {
            "done": len(states) - states.count("waiting"),
            "total": len(states),
            "failed": states.count("failed") + states.count("dropped"),
            "finished": self.state != "printing",
        }

    def _finish(self):
        """Put the letters into one file in the order of the post, and the list beside it.

        What was posted by other means meanwhile may have no file; what has lost its file is printed another time.
        """
        inside = self.letter_ids.filtered(lambda letter: letter.state in ("printed", "posted"))
        files = {letter: letter.attachment_id.raw for letter in inside if letter.attachment_id.raw}
        lost = inside.filtered(lambda letter: letter.state == "printed" and letter not in files)
        lost.write({"state": "dropped", "reason": self.env._("Its file is lost: print it again.")})
        states = set(self.letter_ids.mapped("state"))
        self.write({
            "state": next((state for state in ("printed", "posted") if state in states), "cancelled"),
            "document": files and base64.b64encode(self.env["dunning.letter"]._merge(files.values())),
            "document_name": f"{self.name}.pdf".replace("/", "-"),
            "list_document": base64.b64encode(self._list()),
            "list_name": self.env._("List - %(name)s.pdf", name=self.name).replace("/", "-"),
        })  # fmt: skip
        if self.state == "posted":
            self.posted_on = max(filter(None, inside.delivery_id.mapped("date_done")), default=False)
        if left_out := self.letter_ids.filtered(lambda letter: letter.state in ("failed", "dropped")):
            self._message_log(body=_as_list(self.env._("Left out:"), left_out))

    def _list(self):
        """Return the printed list as a PDF."""
        lang = self.env.user.lang or self.company_id.partner_id.lang or "en_US"
        own = self.with_context(lang=lang)
        html = self.env["dunning.letter"]._document("relance_progressive.mailing_list", self.company_id, lang, {
            "o": own,
            "printed": own.letter_ids.filtered(lambda letter: letter.state in ("printed", "posted")),
            "left_out": own.letter_ids.filtered(lambda letter: letter.state in ("failed", "dropped")),
        })  # fmt: skip
        return self.env["dunning.letter"]._print_document(self.company_id, html)

    # === BUTTONS === #

    def action_posted(self):
        """Record that the letters were taken to the post today: their levels are done."""
        for company, own in self.grouped("company_id").items():
            own._record_posted(company._dunning_today())
        return True

    def action_posted_on(self):
        """Ask on which day the letters were taken to the post."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Posted on Another Day"),
            "res_model": "dunning.mailing.post.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_mailing_id": self.id},
        }

    def _record_posted(self, day):
        """Carry out the levels of what was posted.

        :raise UserError: if it is not to be posted, or on a day to come
        """
        self._check_may_act()
        if any(day > mailing.company_id._dunning_today() for mailing in self):
            raise UserError(self.env._("Letters cannot have been posted on a day to come."))
        for mailing in self:
            if mailing.state != "printed":
                raise UserError(self.env._("%(mailing)s is not waiting to be posted.", mailing=mailing.name))
            mailing.sudo().with_context(tracking_disable=True)._post(day)

    def _post(self, day):
        """Record as posted what is still due, as it was printed; tell what to take out of the envelopes."""
        self.lock_for_update(allow_referencing=True)
        letters = self.letter_ids.filtered(lambda letter: letter.state == "printed")
        letters._drop_overtaken(day)
        posted = letters.filtered(lambda letter: letter.state == "printed")
        changed = posted._claims_something_else()
        contents = {letter.delivery_id: letter._content() for letter in posted}
        self.env["dunning.delivery"].union(*contents)._carried_out(day, contents)
        posted.state = "posted"
        self.write({"state": "posted", "posted_on": day})
        words = {"count": len(posted), "day": format_date(self.env, day)}
        words = (
            self.env._("1 letter posted on %(day)s.", **words)
            if len(posted) == 1
            else self.env._("%(count)s letters posted on %(day)s.", **words)
        )
        if dropped := letters - posted:
            body = _as_list(words + " " + self.env._("To take out of the envelopes:"), dropped)
        else:
            body = _as_list(words, dropped)
        if changed:
            body += _as_list(self.env._("Posted as printed, although the claim has changed since:"), changed)
        self._message_log(body=body)

    def action_cancel(self):
        """Give the letters free again: they can be printed anew."""
        self._check_may_act()
        if self.filtered(lambda mailing: mailing.state not in ("printing", "printed")):
            raise UserError(self.env._("Only letters that were not posted can be released."))
        self = self.sudo()  # noqa: PLW0642 -- checked above
        released = self.letter_ids.filtered(lambda letter: letter.state in ("waiting", "printed"))
        released.write({"state": "dropped", "reason": self.env._("Released by %(user)s", user=self.env.user.name)})
        self.write({"state": "cancelled"})
        return True

    def action_print_again(self):
        """Open the file of the letters once more."""
        self.ensure_one()
        self.check_access("read")
        check_real(self.env)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/dunning.mailing/{self.id}/document/{self.document_name}?download=true",
            "target": "new",
        }


def _place_in_the_post(delivery):
    """Return where a letter stands in a pile: own country first, then by country, postal code and name."""
    contact = delivery.contact_id or delivery.partner_id
    abroad = contact.country_id - delivery.company_id.country_id
    return abroad.name or "", contact.zip or "", contact.name or "", delivery.id


def _in_a_list(letter):
    name = f"{letter.reminder_id.name}, {letter.partner_id.name}"
    return f"{name}: {letter.reason}" if letter.reason else name


def _as_list(title, letters):
    """Return a title and letters with their reasons as HTML."""
    rows = Markup().join(
        Markup("<li>%s</li>") % _in_a_list(letter)
        for letter in letters
    )
    return Markup("<p>%s</p><ul>%s</ul>") % (title, rows) if rows else Markup("<p>%s</p>") % title
