from . import dunning_portal
from . import portal_statement
from . import portal_asks
from . import portal_language
from . import portal_penalties
from . import portal_reminders
from . import portal_sheet
