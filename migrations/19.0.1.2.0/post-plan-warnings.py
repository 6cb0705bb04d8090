"""Payment plans that ended before customers were warned first: they stay ended, on the day they did."""


def migrate(cr, _version):
    """Note a warning of each of them, so that the rule of today gives the same day."""
    cr.execute(
        """
        INSERT INTO dunning_promise_warning
               (promise_id, company_id, missed_on, made_on, sent_on, amount, state, channel, told,
                create_uid, write_uid, create_date, write_date)
        SELECT promise.id, promise.company_id, promise.broken_on, promise.broken_on - 9, promise.broken_on - 9,
               promise.amount_missing, 'sent', 'earlier', TRUE, 1, 1, now() AT TIME ZONE 'UTC',
               now() AT TIME ZONE 'UTC'
          FROM dunning_promise promise
         WHERE promise.is_plan AND promise.accelerates AND promise.state = 'broken' AND promise.broken_on IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )
