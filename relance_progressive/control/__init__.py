from . import dunning_forecast
from . import dunning_forecast_line
from . import dunning_account
from . import dunning_reminder
from . import dunning_reminder_order
from . import dunning_reminder_words
