from . import dunning_penalty
from . import reasons
from . import dunning_reminder_line
from . import dunning_reminder
from . import frame
from . import dunning_penalty_sheet
from . import settled
