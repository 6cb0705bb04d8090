from . import door
from . import page
from . import answers
from . import pay
from . import ir_http
