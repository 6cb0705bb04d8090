from . import dunning_reminder
from . import dunning_reminder_actions
from . import dunning_reminder_line
from . import dunning_reminder_text
from . import dunning_delivery
from . import dunning_journal
