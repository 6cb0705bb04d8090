from . import dunning_reminder
from . import dunning_reminder_order
from . import dunning_reminder_words
from . import dunning_delivery
