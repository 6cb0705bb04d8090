import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..settings import database

TOLD_AFTER = 3  # tries of one night

_logger = logging.getLogger(__name__)


class DunningEngine(models.AbstractModel):
    """The two scheduled actions: decide at night, deliver during the sending hours."""

    _inherit = "dunning.engine"

    @api.model
    def _cron_run(self):
        """Decide and prepare for the companies that want it; go on at once while work remains.

        A night that fails, or leaves accounts out, is tried again until it is done.
        """
        self._notice_copy()
        for company in self._companies().filtered("dunning_automatic"):
            if self._asks_first(company):
                continue
            complete = self._for_company(company, lambda company=company: self.run(company=company)["complete"])
            if complete is False and self._checkpoint() <= 0:
                self.env.ref("relance_progressive.ir_cron_dunning_run")._trigger()
                return
            if complete is False:
                self._try_again(company, self.env._("Some accounts are changed by others all the time."))
            elif complete and self._for_company(company, lambda company=company: self._end_night(company)):
                self._retrying(lambda company=company: self._note_done(company))
        self.env.ref("relance_progressive.ir_cron_dunning_deliver")._trigger()

    def _notice_copy(self):
        self._retrying(self.env["res.company"]._dunning_notice_copy)
        self._checkpoint()

    def _asks_first(self, company):
        """Tell whether a person has to say something before anything goes on by itself; ask him, once."""
        if not database.kept(self.env):
            database.keep(self.env)  # reminders were switched on before places were kept
        doubt = company._dunning_doubt()
        if doubt or company.dunning_trouble in ("copy", "day", "future"):
            self._retrying(lambda: company._dunning_tell(
                doubt, company._dunning_in_words()._dunning_doubt_text(doubt)
            ))  # fmt: skip
            self._checkpoint()
        return bool(doubt)

    def _end_night(self, company):
        """Do what follows once the night of a company is over; it may be called more than once a night."""
        self._after_night(company)
        return True

    def _note_done(self, company):
        """Forget how often this night was tried."""
        if company.dunning_night_tries:
            company.write({"dunning_night_tries": 0, "dunning_night_why": False})
        if company.dunning_trouble == "night":
            company._dunning_tell("")
        self._checkpoint()

    def _try_again(self, company, why):
        """Have the night tried again a little later; tell the person in charge after some tries, or by the morning."""
        def note():
            company.write({"dunning_night_tries": company.dunning_night_tries + 1, "dunning_night_why": why})
            if company.dunning_night_tries >= TOLD_AFTER:
                own = company._dunning_in_words()
                company._dunning_tell("night", own.env._(
                    "%(company)s: the reminders of %(day)s could not be decided yet, after %(count)s tries. It goes on "
                    "being tried. %(why)s", company=company.name, why=why, count=company.dunning_night_tries,
                    day=format_date(own.env, company._dunning_today()),
                ))  # fmt: skip

        self._retrying(note)
        wait = min(60, 5 * company.dunning_night_tries)
        at = fields.Datetime.now() + timedelta(minutes=wait)
        self.env.ref("relance_progressive.ir_cron_dunning_run")._trigger(at)
        self._checkpoint()

    def _tell_late_night(self, company):
        """Tell the person in charge of a night that is not done by the morning: once a day, whatever it stopped for."""
        words = company._dunning_in_words()._dunning_late_night()
        if words and company.dunning_trouble in (False, "night"):
            self._retrying(lambda: company._dunning_tell("night", words))
            self._checkpoint()

    @api.model
    def _cron_deliver(self):
        """Deliver for the companies that want it, within their sending hours; go on at once while work remains."""
        self._notice_copy()
        for company in self._companies().filtered("dunning_automatic"):
            if self._asks_first(company):
                continue
            self._tell_late_night(company)
            if not self._is_open(company):
                continue
            progress = self._for_company(
                company, lambda company=company: self._deliver(None, company._dunning_today(), company),
                self._tell_failed_delivery,
            )
            if not progress:
                continue
            self._retrying(lambda company=company, left=progress.left_out: self._note_left_out(company, left))
            self._checkpoint()
            if not progress.complete:
                self.env.ref("relance_progressive.ir_cron_dunning_deliver")._trigger()
                return
        self._checkpoint(remaining=0)

    def _note_left_out(self, company, left_out):
        """Count the deliveries that left some out; tell the person in charge after a few of them, as of the night."""
        tries = company.dunning_delivery_tries + 1 if left_out else 0
        if tries != company.dunning_delivery_tries:
            company.dunning_delivery_tries = tries
        if not left_out and company.dunning_trouble == "delivery":
            company._dunning_tell("")
        if tries >= TOLD_AFTER:
            own = company._dunning_in_words()
            company._dunning_tell("delivery", own.env._(
                "%(company)s: %(number)s messages could not be sent yet, after %(count)s tries: others change their "
                "invoices all the time. They go on being tried.",
                company=company.name, number=left_out, count=tries,
            ))  # fmt: skip

    def _tell_failed_delivery(self, company, why):
        """Tell the person in charge of a delivery that failed; it is tried again every ten minutes."""
        own = company._dunning_in_words()
        words = own.env._(
            "%(company)s: what is ready could not be sent. It is tried again. %(why)s", company=company.name, why=why
        )
        self._retrying(lambda: company._dunning_tell("delivery", words))
        self._checkpoint()

    def _for_company(self, company, work, failed=None):
        """Return what ``work`` gives, nothing if it fails: the others go on.

        :param failed: is given the company and the reason; the night is tried again if empty
        """
        try:
            return work()
        except Exception as error:
            if not self._can_commit():
                raise
            _logger.exception("The reminders of %s stopped on an error", company.display_name)
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            words = str(error).strip().splitlines() or [type(error).__name__]
            (failed or self._try_again)(company, words[0])
            return None

    @api.model
    def _is_open(self, company):
        """Tell whether messages may leave now, at the hour it is where the company is.

        Whoever reads a digest has some hours to stop what it announces, even after a night that was late.
        """
        now = company._dunning_local()
        within = company.dunning_hour_from <= now.hour + now.minute / 60 < company.dunning_hour_to
        told = company.dunning_digest and company.dunning_digest_at
        wait = timedelta(hours=company.dunning_digest_hours)
        return within and (not told or fields.Datetime.now() >= told + wait)
