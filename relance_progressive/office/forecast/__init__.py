from . import dunning_forecast
from . import leaving_page
