from . import rates
from . import notices
from . import insolvency
from . import costs
from . import penalties
from . import limitation
