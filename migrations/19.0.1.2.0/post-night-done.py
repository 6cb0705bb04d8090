"""Nights that are over: nobody is told that the last one has not come to its end."""


def migrate(cr, _version):
    """Take the last night as done, unless it is just being tried again."""
    cr.execute(
        """
        UPDATE res_company SET dunning_night_done = dunning_last_run
         WHERE dunning_night_done IS NULL AND COALESCE(dunning_night_tries, 0) = 0
        """
    )
