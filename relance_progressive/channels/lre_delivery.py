from datetime import timedelta

from odoo import api, fields, models

BATCH = 50
# A provider keeps its proofs for one year: news that are still missing then will not come any more.
ASKED_FOR = timedelta(days=366)


class DunningDelivery(models.Model):
    """What the providers of electronic registered letters tell."""

    _inherit = "dunning.delivery"

    polled_at = fields.Datetime("Asked for News At", readonly=True, copy=False)

    _to_poll = models.Index("(polled_at, id) WHERE channel = 'lre' AND state IN ('sent', 'uncertain')")

    @api.model
    def _cron_poll_lre(self):
        """Ask for news of the electronic registered letters that have not ended, batch by batch."""
        cron, started = self.env["ir.cron"], fields.Datetime.now()
        domain = [
            ("channel", "=", "lre"), ("state", "in", ("sent", "uncertain")), ("provider", "!=", False),
            ("sent_at", ">", started - ASKED_FOR),
            "|", ("polled_at", "=", False), ("polled_at", "<", started),
        ]  # fmt: skip
        cron._commit_progress(remaining=self.search_count(domain))
        while batch := self.search(domain, limit=BATCH, order="polled_at NULLS FIRST, id"):
            found = batch.try_lock_for_update().with_context(tracking_disable=True)
            self.env["dunning.channel.lre"]._sync_status(found)
            (batch - found).invalidate_recordset()
            if not cron._commit_progress(len(batch)) or not found:
                break

    def _take_one(self, news, proofs):
        """Record one piece of news with its proofs.

        :param news: a :class:`lre_provider.News`
        """
        self.ensure_one()
        self._record_event(
            news.kind, news.day, self._proof_files(proofs), source="provider", provider_uid=news.uid,
            note=self.env._("Proof no. %(number)s", number=news.uid),
        )  # fmt: skip

    def _proof_files(self, proofs):
        """Copy the proofs of a provider, which keeps them for one year only, into Odoo."""
        return self.env["ir.attachment"].sudo().create([
            {
                "name": f"{self.reminder_id.name}-{proof.name}", "raw": proof.content, "mimetype": proof.mimetype,
                "res_model": self._name, "res_id": self.id,
            }
            for proof in proofs
        ])  # fmt: skip

    def action_poll(self):
        """Ask the provider for news now."""
        letters = self._check_may_follow().filtered(lambda letter: letter.channel == "lre" and letter.provider)
        self.env["dunning.channel.lre"].sudo()._sync_status(letters)
