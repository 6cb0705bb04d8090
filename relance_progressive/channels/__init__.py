from . import dunning_channel
from . import channel_email
from . import email_frame
from . import email_transport
from . import dunning_reminder
from . import res_partner
