from . import dunning_forecast
from . import dunning_forecast_line
from . import dunning_account
from . import engine_forecast
from . import leaving_page
