from . import dunning_forecast
from . import dunning_forecast_line
from . import leaving_page
