from . import channel_email
from . import company
from . import frame
from . import transport
