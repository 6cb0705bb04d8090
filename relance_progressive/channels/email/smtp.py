"""Send over SMTP, and tell what is known of each message: accepted, refused, not left, or nobody knows."""

import logging
import smtplib

from odoo.exceptions import UserError

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...settings.apart import raise_if_lost
from ..dunning_channel import ACCEPTED, DELAYED, MESSAGE, REFUSED, SERVICE, UNCERTAIN, UNCLEAR, Outcome
from .smtp_answers import CLOSING, meaning

_logger = logging.getLogger(__name__)

GO_ON = 354  # the answer to DATA after which the text leaves


class Postman:
    """One SMTP session, opened when needed and opened again once when the server closed it.

    A server that cannot be reached is not tried again for the rest of the batch.
    """

    def __init__(self, mail_server, mail_server_id, smtp_from):
        """Keep how to connect.

        :param mail_server: the model ``ir.mail_server``, with the context of the alias domain
        :param mail_server_id: the server to use, empty for the command line's
        """
        self._mail_server = mail_server
        self._server_id = mail_server_id
        self._smtp_from = smtp_from
        self._session = None
        self._open = False
        self._taken = 0  # messages of this session
        self._unreachable = ""
        # Of the present message: what was said last, whether its text has left, the answer to each address.
        self._stage, self._text_left, self._answers = "", False, {}

    def connect(self):
        """Open the session if it is not; return why it cannot be opened, or an empty text."""
        if not self._open and not self._unreachable:
            try:
                session = self._mail_server._connect__(mail_server_id=self._server_id, smtp_from=self._smtp_from)
            except (OSError, smtplib.SMTPException, UserError) as error:
                raise_if_lost(error)
                _logger.warning("The mail server cannot be reached: %s", error)
                self._unreachable = in_words(error)
            else:
                self._session, self._open = session, True
                self._watch(session)
        return self._unreachable

    def takes_every_letter(self):
        """Tell whether the server takes addresses beyond ASCII (RFC 6531); :meth:`connect` was called before."""
        if self._session is None:  # Odoo sends nothing during tests
            return True
        try:
            self._session.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException):
            self._forget()
            return True  # the hand-over finds out what is wrong with the server
        return self._session.has_extn("smtputf8")

    def send(self, message, addresses, copies=()):
        """Send one message and return its outcome; :meth:`connect` was called before.

        :param addresses: who receives it; Odoo would also take what looks like an address in a name
        :param copies: who receives it too: they do not make it arrive
        """
        mail_server = self._mail_server.with_context(send_validated_to=[*addresses, *copies])
        for last_try in (False, True):
            if refusal := self.connect():
                return Outcome(DELAYED, refusal, scope=SERVICE)
            self._stage, self._text_left, self._answers = "", False, {}
            try:
                mail_server.send_email(message, mail_server_id=self._server_id, smtp_session=self._session)
            except smtplib.SMTPServerDisconnected as error:
                self._forget()
                if self._text_left:
                    return Outcome(UNCERTAIN, in_words(error), scope=UNCLEAR)
                if last_try:
                    return Outcome(DELAYED, in_words(error), scope=UNCLEAR)
            except Exception as error:  # the outcome of one message never stops the others
                raise_if_lost(error)
                cause = (error.__context__ if isinstance(error, MailDeliveryException) else None) or error
                if last_try or not self._is_spent(cause):
                    return self._outcome(cause)
                self.close()
            else:
                self._taken += 1
                return self._arrived(addresses)
        return Outcome(DELAYED, scope=UNCLEAR)

    def close(self):
        """End the session politely; what was accepted stays accepted if that fails."""
        if self._session:
            try:
                self._session.quit()
            except (OSError, smtplib.SMTPException):
                _logger.info("The mail server closed the session first")
        self._forget()

    def _forget(self):
        self._session, self._open, self._taken = None, False, 0

    def _is_spent(self, error):
        """Tell whether the session alone may have come to its end: many servers take a number of messages in each."""
        codes = [getattr(error, "smtp_code", 0)]
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _text in error.recipients.values()]
        later = self._stage_of(error) == "mail" and 400 <= codes[0] < 500
        return self._taken > 0 and not self._text_left and (later or CLOSING in codes)

    # === WHAT IS SAID === #

    def _watch(self, session):
        """Listen to what is said: ``smtplib`` takes 250 alone for a yes, and forgets who of several was refused.

        Odoo gives no session during tests, and an add-on may give one of another kind, without these steps.
        """
        for stage in ("mail", "rcpt", "data"):
            if step := getattr(session, stage, None):
                setattr(session, stage, self._listening(session, stage, step))

    def _listening(self, session, stage, step):
        def listening(what, *options):
            self._stage = stage
            answer = self._hand_in(session, step, what) if stage == "data" else step(what, *options)
            code, words = answer
            if stage == "rcpt":
                self._answers[what.lower()] = answer
            return (250, words) if 200 <= code < 300 else answer

        return listening

    def _hand_in(self, session, step, text):
        """Give the text to the server; once it has asked for it, silence means doubt."""
        answer = session.getreply

        def listening():
            code, words = answer()
            self._text_left |= code == GO_ON
            return code, words

        session.getreply = listening
        try:
            return step(text)
        finally:
            session.getreply = answer

    # === WHAT IT MEANS === #

    def _arrived(self, addresses):
        """Return the outcome of what the server took, which it may have done for the copies alone."""
        refused = {
            address: self._answers[address.lower()] for address in addresses
            if not 200 <= self._answers.get(address.lower(), (250, b""))[0] < 300
        }  # fmt: skip
        if not refused:
            return Outcome(ACCEPTED)
        error = smtplib.SMTPRecipientsRefused(refused)
        return Outcome(ACCEPTED, in_words(error)) if len(refused) < len(addresses) else self._outcome_of_all(error)

    def _outcome(self, error):
        """Return what an error tells."""
        text_left, answered = self._text_left, isinstance(error, smtplib.SMTPDataError)
        if text_left and not answered:
            self._forget()
            return Outcome(UNCERTAIN, in_words(error), scope=UNCLEAR)
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return self._outcome_of_all(error)
        if isinstance(error, smtplib.SMTPResponseException):
            return self._outcome_of_answer(error, self._stage_of(error))
        if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
            self._forget()
            return Outcome(DELAYED, in_words(error), scope=SERVICE)
        return Outcome(REFUSED, in_words(error), scope=MESSAGE)

    def _stage_of(self, error):
        """Return the step at which an answer was given; a session that cannot be watched gives it by its kind."""
        if isinstance(error, smtplib.SMTPSenderRefused):
            return "mail"
        return "data" if isinstance(error, smtplib.SMTPDataError) else self._stage or "mail"

    def _outcome_of_answer(self, error, stage):
        state, scope = meaning(stage, error.smtp_code, _decoded(error.smtp_error), self._text_left)
        if error.smtp_code == CLOSING or not 400 <= error.smtp_code < 600:
            self._forget()
        return Outcome(state, in_words(error), scope=scope)

    def _outcome_of_all(self, error):
        """Return the outcome of a message that was refused for all its addresses: later for one, later for all."""
        found = [meaning("rcpt", code, _decoded(text)) for code, text in error.recipients.values()]
        state, scope = next((one for one in found if one[0] == DELAYED), found[0])
        return Outcome(state, in_words(error), scope=scope)


def in_words(error):
    """Return what the server said, as text."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(
            f"{address}: {code} {_decoded(text)}" for address, (code, text) in error.recipients.items()
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    if isinstance(error, AssertionError):  # Odoo's own refusals: (what, detail)
        return str(error.args[-1]) if error.args else ""
    return str(error) or type(error).__name__


def _decoded(text):
    return text.decode(errors="replace") if isinstance(text, bytes) else str(text)
