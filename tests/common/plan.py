from contextlib import contextmanager

from odoo.exceptions import ValidationError

from .base import DunningCommon


class PlanCommon(DunningCommon):
    @contextmanager
    def refused(self, why):
        """Expect a validation error, and take back what led to it."""
        with self.assertRaisesRegex(ValidationError, why), self.env.cr.savepoint():
            yield
