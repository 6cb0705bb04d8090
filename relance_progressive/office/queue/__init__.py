from . import dunning_reminder
from . import wizards
from . import dunning_delivery
