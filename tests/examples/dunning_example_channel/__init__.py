from . import channel_messenger
