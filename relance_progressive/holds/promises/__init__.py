from . import dunning_plan
from . import dunning_promise
from . import dunning_promise_warning
from . import follow
from . import record
from . import dunning_promise_record
from . import res_partner
