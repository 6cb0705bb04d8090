from . import dunning_penalty
from . import penalty_reasons
from . import dunning_reminder_line
from . import dunning_reminder
from . import penalty_frame
from . import penalty_changes
from . import dunning_penalty_sheet
from . import settled
