from . import notice_dates
