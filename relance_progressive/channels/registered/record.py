from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...core.law import notice
from ...core.plain import s10


class DunningMailingLetter(models.Model):
    _inherit = "dunning.mailing.letter"

    def _printed_on(self):
        """Return the day this letter was printed."""
        self.ensure_one()
        printed_at = self.attachment_id.create_date or self.create_date
        return self.delivery_id.company_id._dunning_local(printed_at).date()


class DunningDelivery(models.Model):
    """How it is recorded what happened to registered letters: to many of them at once."""

    _inherit = "dunning.delivery"

    def _record_event(self, kind, day, files=None, **vals):
        """Record what happened to one letter; see :meth:`_record_events`.

        :param files: attachments that prove it: they become the event's own
        :return: the event
        """
        self.ensure_one()
        self._record_events([(self, kind, day)], **vals)
        event = self.event_ids.filtered(lambda found: (found.kind, found.date, found.struck) == (kind, day, False))
        event._add_proofs(files or self.env["ir.attachment"])
        return event

    @api.model
    def _record_events(self, told, leave_out=False, details=None, **vals):
        """Record what happened to letters and carry out what it means; once, however often it is said.

        Many letters take as many queries as one, for each day on which some were handed in.

        :param told: ``[(letter, kind, day)]``
        :param leave_out: leave out the letters that were not to leave any more and were never printed
        :param details: ``{(letter id, kind, day): values}`` of single events
        :param vals: ``note``, ``source``, of all of them
        :return: the letters that were left out
        :raise UserError: if something contradicts what is known
        """
        together = {letter.id: letter for letter in self.browse({letter.id for letter, _kind, _day in told})}
        told = [(together[letter.id], kind, day) for letter, kind, day in told]
        news = self._news_among(sorted(told, key=lambda one: (one[2], notice.KINDS.index(one[1]))))
        handed_in = {letter.id: day for letter, kind, day in news if kind == notice.HANDED_IN}
        left_out = self.browse()
        for day in sorted(set(handed_in.values())):
            left_out += self.browse(key for key, own in handed_in.items() if own == day)._hand_in(day)
        if left_out and not leave_out:
            raise UserError(self.env._(
                "%(letter)s: nothing is claimed any more, this letter is not to leave.",
                letter=left_out[0]._letter_name(),
            ))  # fmt: skip
        gone = set(left_out.ids)
        self._create_events([one for one in news if one[0].id not in gone], details, **vals)
        followed = self.browse({letter.id for letter, _kind, _day in news} - gone)
        followed._follow_events()
        followed.reminder_id.account_id._show_now()  # the last day to pay of a notice is counted from them
        return left_out

    def _news_among(self, told):
        """Return what is not known yet.

        :raise UserError: if something contradicts what is known, or was said before it
        """
        news, said = [], {}
        for letter, kind, day in told:
            event, before = notice.Event(kind, day), said.setdefault(letter, [])
            if event in before or event in [known._replace(proof=False) for known in letter._life()]:
                continue
            if problem := letter._event_problem(kind, day, before):
                raise UserError(self.env._("%(letter)s: %(problem)s", letter=letter._letter_name(), problem=problem))
            before.append(event)
            news.append((letter, kind, day))
        return news

    def _create_events(self, told, details=None, **vals):
        """Create the events of ``[(letter, kind, day)]``; the first one fixes the time that its letter gives."""
        user = self.env.uid if vals.get("source", "person") != "provider" else False
        letters = self.browse({letter.id for letter, _kind, _day in told}).filtered(lambda found: not found.event_ids)
        for days, own in letters.grouped(lambda found: found.reminder_id.level_id.notice_days).items():
            own.notice_days = days
        return self.env["dunning.delivery.event"].create([
            {
                "delivery_id": letter.id, "kind": kind, "date": day, "user_id": user, **vals,
                **(details or {}).get((letter.id, kind, day), {}),
            }
            for letter, kind, day in told
        ])  # fmt: skip

    # === HANDED IN === #

    def _hand_in(self, day):
        """Carry out letters that a person says were handed in at the post office.

        What was printed may have left before the customer paid and before anyone told it here: that is
        recorded, and changes nothing for the reminder.

        :return: the letters that were not to leave any more, and of which there is no paper
        """
        ready = self.filtered(lambda letter: letter.state == "ready")
        due = ready._still_due(day) if ready else ready
        due.with_context(tracking_disable=True)._posted(day, event_follows=True)
        overtaken = self.filtered(lambda letter: letter.state == "cancelled")
        papers = {letter: paper for letter in overtaken if (paper := letter._paper_of(day))}
        printed = overtaken.filtered(lambda letter: letter in papers)
        printed._posted_all_the_same(day, papers)
        return overtaken - printed

    def _paper_of(self, day=None):
        """Return the last letter that was printed, on ``day`` at the latest."""
        papers = self.sudo().mailing_letter_ids.filtered("content").sorted("id")
        return papers.filtered(lambda paper: not day or paper._printed_on() <= day)[-1:]

    def _posted_all_the_same(self, day, papers):
        """Record that letters left although their reminders had been cancelled: these stay as they are.

        :param papers: ``{letter: what was printed}``
        """
        self.filtered("date_done").date_done = day  # its first hand-in was struck out
        new = self.filtered(lambda letter: not letter.date_done)
        contents = {letter.reminder_id.id: papers[letter]._content() for letter in new}
        kept = self.env["dunning.channel.registered"]._keep(contents) if contents else {}
        for letter in new:
            words = self.env._(
                "Handed in on %(day)s all the same, before this was known.", day=format_date(self.env, day)
            )
            letter.write({
                "date_done": day, "sent_at": fields.Datetime.now(), "message_id": kept[letter.reminder_id.id],
                "reason": " ".join(filter(None, (letter.reason, words))),
            })  # fmt: skip
            papers[letter].state = "posted"
        self._close_mailings(day)

    def _has_left(self, more=()):
        """Tell whether a letter whose reminder was cancelled was handed in.

        :param more: events that are about to be recorded
        """
        return any(event.kind == notice.HANDED_IN for event in [*self._life(), *more])

    def _why_not_gone(self, kind, day, more=()):
        """Return why nothing can have happened to this letter, or nothing.

        :param more: events that are about to be recorded
        """
        if self.state not in ("failed", "cancelled", "ready") or self._has_left(more):
            return ""
        if self.state == "failed" or (self.state == "cancelled" and not self._paper_of()):
            return self.env._("This letter did not leave.")
        if kind != notice.HANDED_IN:
            return self.env._("It was not handed in yet: record that first.")
        if self.state == "cancelled" and not self._paper_of(day):
            return self.env._(
                "It was printed on %(day)s only.", day=format_date(self.env, self._paper_of()._printed_on())
            )
        return ""

    def _is_settled(self):
        """Tell whether all that the letter claims was paid."""
        return all(line.upcoming or line.move_line_id.reconciled for line in self.sudo().reminder_id.line_ids)

    # === NUMBER OF THE POST OFFICE === #

    registered_number = fields.Char(readonly=True, copy=False, index="btree_not_null")
    number_company_id = fields.Many2one("res.company", "Company of the Number", readonly=True, copy=False)

    # The number of a letter that did not leave can be used for another one; a cancelled one with a day has left.
    _number_once = models.UniqueIndex(
        "(number_company_id, registered_number) WHERE registered_number IS NOT NULL "
        "AND (state NOT IN ('cancelled', 'failed') OR (state = 'cancelled' AND date_done IS NOT NULL))",
        "This number is already that of another letter.",
    )

    def _holders_of(self, numbers):
        """Return ``{(company id, number): delivery}`` of the letters that have one of these numbers."""
        holders = self.sudo().search([
            ("registered_number", "in", list(numbers)), ("state", "!=", "failed"),
            "|", ("state", "!=", "cancelled"), ("date_done", "!=", False),
        ])  # fmt: skip
        return {(holder.number_company_id.id, holder.registered_number): holder for holder in holders}

    def _look_at_number(self, text):
        """Return ``(number, why it is refused, what is odd about it)`` of what was typed or scanned."""
        try:
            look = s10.look(text or "")
        except s10.InvalidNumber as error:
            number = s10.compact(text or "")
            words = {
                "form": self.env._("There is no number."),
                "check_digit": self.env._(
                    "“%(number)s” was misread or mistyped: its check digit is wrong.", number=number
                ),
                "country": self.env._(
                    "“%(number)s” was misread or mistyped: it ends with no country.", number=number
                ),
            }  # fmt: skip
            return number, words[error.code], ""
        odd = {
            "service": self.env._("The number of a parcel or of a tracked letter, not of a registered one."),
            "unchecked": self.env._("Not the usual form of a registered number: look at it again."),
            "unknown": self.env._("Not the form of a registered number: look at it again."),
        }
        return look.number, "", odd.get(look.doubt, "")

    def _number_problem(self, number, holders):
        """Return why this letter cannot have this number, or nothing.

        :param holders: what :meth:`_holders_of` found
        """
        self.ensure_one()
        holder = holders.get((self.company_id.id, number))
        if holder and holder != self:
            return self.env._("%(number)s is the number of %(letter)s.", number=number, letter=holder.reminder_id.name)
        if self.state == "failed" or (self.state == "cancelled" and not self._paper_of()):
            return self.env._("This letter did not leave.")
        later = self.event_ids.filtered(lambda event: event.kind != "handed_in" and not event.struck)
        if self.registered_number and self.registered_number != number and later:
            return self.env._(
                "Its number is %(number)s, and what happened to it is recorded.", number=self.registered_number
            )
        return ""

    def _give_numbers(self, numbers):
        """Give each letter its number.

        :param numbers: ``{delivery: number}``, compact
        :raise UserError: if one cannot have its number; then none gets one
        """
        holders = self._holders_of(numbers.values())
        for delivery, number in numbers.items():
            if problem := delivery._number_problem(number, holders):
                raise UserError(problem)
        for delivery, number in numbers.items():
            delivery.write({"registered_number": number, "number_company_id": delivery.company_id.id})
        self.env.flush_all()

    def action_give_numbers(self):
        """Ask for the numbers of these letters, in their printing order."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Registered Numbers"),
            "res_model": "dunning.registered.scan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_ids": self.ids},
        }
