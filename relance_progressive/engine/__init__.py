from . import res_company
from . import dunning_account
from . import dunning_engine
from . import engine_preview
from . import delivery
from . import engine_cron
from . import dunning_reminder_preview
from . import dunning_reminder
