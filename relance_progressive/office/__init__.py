from . import res_company
from . import forecast
from . import queue
from . import dunning_takeover
from . import dunning_account
