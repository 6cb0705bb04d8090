from . import dunning_portal
from . import statement
from . import asks
from . import language
from . import penalties
from . import reminders
from . import sheet
