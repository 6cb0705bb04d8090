from . import dunning_reminder
from . import wizards
