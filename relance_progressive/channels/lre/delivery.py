import logging
from datetime import timedelta

from odoo import api, fields, models

from ...core.law import notice
from ...settings.apart import apart
from ...settings.proofs import unguarded

_logger = logging.getLogger(__name__)

BATCH = 50
# A provider keeps its proofs for one year: news that are still missing then will not come any more.
ASKED_FOR = timedelta(days=366)


class DunningDelivery(models.Model):
    """What the providers of electronic registered letters tell."""

    _inherit = "dunning.delivery"

    polled_at = fields.Datetime("Asked for News At", readonly=True, copy=False)

    news_problem = fields.Char("News Not Recorded", readonly=True, copy=False)

    _to_poll = models.Index(
        "(polled_at, id) WHERE channel = 'lre' AND (state IN ('sent', 'uncertain') OR proof_missing IS NOT NULL)"
    )

    @api.model
    def _cron_poll_lre(self):
        """Ask for news of the electronic registered letters that have not ended or lack a proof, batch by batch."""
        cron, started = self.env["ir.cron"], fields.Datetime.now()
        domain = [
            ("channel", "=", "lre"), ("provider", "!=", False), ("sent_at", ">", started - ASKED_FOR),
            "|", ("state", "in", ("sent", "uncertain")),
            "&", ("state", "in", notice.ENDS), ("proof_missing", "!=", False),
            "|", ("polled_at", "=", False), ("polled_at", "<", started),
        ]  # fmt: skip
        cron._commit_progress(remaining=self.search_count(domain))
        while batch := self.search(domain, limit=BATCH, order="polled_at NULLS FIRST, id"):
            found = batch.try_lock_for_update().with_context(tracking_disable=True)
            self.env["dunning.channel.lre"]._sync_status(found)
            (batch - found).invalidate_recordset()
            if not cron._commit_progress(len(batch)) or not found:
                break

    def _take_news(self, fetched):
        """Record the news of these items with their proofs; alone what fails together, all of one item or nothing.

        :param fetched: ``{item: ([News], [Proof])}``
        """
        if not self:
            return

        def told(error):
            if len(self) > 1:
                for delivery in self:
                    delivery._take_news(fetched)
                return
            _logger.warning("The news of %s could not be recorded", self.reference, exc_info=True)
            self.news_problem = self.env._("News that could not be recorded: %(error)s", error=str(error))

        with apart(self.env, told):
            self._take_all(fetched)
            self.filtered("news_problem").news_problem = False

    def _take_all(self, fetched):
        details = {
            (delivery.id, one.kind, one.day): {
                "provider_uid": one.uid, "note": self.env._("Proof no. %(number)s", number=one.uid)
            }
            for delivery in self for one in fetched[delivery][0]
        }  # fmt: skip
        told = [(delivery, one.kind, one.day) for delivery in self for one in fetched[delivery][0]]
        for key, files in self._proofs_of_news(fetched).items():
            details[key]["attachment_ids"] = files
        before = self.event_ids
        self._record_events(told, details=details, source="provider")
        for delivery in self:
            new = delivery.event_ids - before
            for event in new:
                unguarded(event.attachment_ids).res_id = event.id
            delivery.attachment_ids += new.attachment_ids
        self._file_fetched(fetched)

    def _proofs_of_news(self, fetched):
        """Copy the proofs of what is not known yet; return ``{(item id, kind, day): attachment ids}``."""
        found = []
        for delivery in self:
            known = {(event.kind, event.date) for event in delivery.event_ids if not event.struck}
            found += [
                ((delivery.id, one.kind, one.day), f"{delivery.reminder_id.name}-{proof.name}", proof)
                for one in fetched[delivery][0] for proof in fetched[delivery][1]
                if one.kind == proof.kind and (one.kind, one.day) not in known
            ]  # fmt: skip
        files = self._create_proofs((name, proof, False) for _key, name, proof in found)
        result = {}
        for (key, _name, _proof), file in zip(found, files, strict=True):
            result.setdefault(key, []).append(file.id)
        return result

    def _create_proofs(self, proofs):
        return self.env["ir.attachment"].sudo().create([
            {
                "name": name, "raw": proof.content, "mimetype": proof.mimetype,
                "res_model": "dunning.delivery.event", "res_id": event,
            }
            for name, proof, event in proofs
        ])  # fmt: skip

    def _file_fetched(self, fetched):
        """Copy the proofs of a provider, which keeps them for one year only, into Odoo; each one once."""
        found = []
        for delivery in self:
            for event in delivery.event_ids.filtered(lambda event: not event.struck):
                named = {f"{delivery.reminder_id.name}-{one.name}": one for one in fetched[delivery][1]
                         if one.kind == event.kind}  # fmt: skip
                known = set(event.attachment_ids.mapped("name"))
                found += [(event, name, one) for name, one in named.items() if name not in known]
        files = self._create_proofs((name, proof, event.id) for event, name, proof in found)
        for (event, _name, _proof), file in zip(found, files, strict=True):
            event._add_proofs(file)

    def action_poll(self):
        """Ask the provider for news now."""
        letters = self._check_may_follow().filtered(lambda letter: letter.channel == "lre" and letter.provider)
        self.env["dunning.channel.lre"].sudo()._sync_status(letters)
