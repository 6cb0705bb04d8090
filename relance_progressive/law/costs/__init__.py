from . import costs_reminder
from . import costs_holds
