from . import channel_registered
from . import event
from . import delivery
from . import record
from . import scan
from . import tracking_csv
from . import import_wizard
from . import mailing
