from odoo import api, models

from . import queries as notice_queries


class DunningDelivery(models.Model):
    """From when a formal notice has its effects, for what it claims."""

    _inherit = "dunning.delivery"

    @api.model
    def _notices_of_items(self, item_ids):
        """Return from when each item is under formal notice, as the lives of the registered letters tell it.

        The first notice that took effect counts. A letter that nobody received, refused or left at the post
        office has none (yet), and what left by e-mail only proves no day: those items are not in the answer. An item
        that was claimed in part counts as a whole.

        :param item_ids: ids of journal items
        :return: ``{item id: the day it took effect}``
        """
        if not item_ids:
            return {}
        return dict(self.env.execute_query(notice_queries.effective_notices(self.env, item_ids)))
