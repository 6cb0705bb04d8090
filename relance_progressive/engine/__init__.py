from . import res_company
from . import dunning_account
from . import dunning_engine
from . import preview
from . import delivery
from . import cron
from . import dunning_reminder_preview
from . import dunning_reminder
