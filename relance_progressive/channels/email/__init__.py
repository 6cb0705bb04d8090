from . import channel_email
from . import frame
from . import transport
