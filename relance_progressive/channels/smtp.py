"""Send over SMTP, and tell what is known of each message: accepted, refused, not left, or nobody knows."""

import logging
import smtplib

from odoo.exceptions import UserError

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from .dunning_channel import ACCEPTED, DELAYED, REFUSED, UNCERTAIN, Outcome

_logger = logging.getLogger(__name__)


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
        self._unreachable = ""
        self._in_doubt = False

    def connect(self):
        """Open the session if it is not; return why it cannot be opened, or an empty text."""
        if not self._open and not self._unreachable:
            try:
                session = self._mail_server._connect__(mail_server_id=self._server_id, smtp_from=self._smtp_from)
            except (OSError, smtplib.SMTPException, UserError) as error:
                _logger.warning("The mail server cannot be reached: %s", error)
                self._unreachable = in_words(error)
            else:
                self._session, self._open = session, True
                self._watch(session)
        return self._unreachable

    def send(self, message, addresses):
        """Send one message and return its outcome; :meth:`connect` was called before.

        :param addresses: who receives it; Odoo would also take what looks like an address in a name
        """
        mail_server = self._mail_server.with_context(send_validated_to=addresses)
        for last_try in (False, True):
            if refusal := self.connect():
                return Outcome(DELAYED, refusal)
            self._in_doubt = False
            try:
                mail_server.send_email(message, mail_server_id=self._server_id, smtp_session=self._session)
            except smtplib.SMTPServerDisconnected as error:
                self._forget()
                if self._in_doubt:
                    return Outcome(UNCERTAIN, in_words(error))
                if last_try:
                    return Outcome(DELAYED, in_words(error))
            except Exception as error:  # the outcome of one message never stops the others
                cause = error.__context__ if isinstance(error, MailDeliveryException) else error
                return self._outcome(cause or error)
            else:
                return Outcome(ACCEPTED)
        return Outcome(DELAYED)

    def close(self):
        """End the session politely; what was accepted stays accepted if that fails."""
        if self._session:
            try:
                self._session.quit()
            except (OSError, smtplib.SMTPException):
                _logger.info("The mail server closed the session first")
        self._forget()

    def _forget(self):
        self._session, self._open = None, False

    def _watch(self, session):
        """Note when the text of a message starts to leave: from then on, silence means doubt."""
        if session is None:  # Odoo sends nothing during tests
            return
        data = session.data

        def watched(message):
            self._in_doubt = True
            return data(message)

        session.data = watched

    def _outcome(self, error):
        """Return what an error tells: 4xx means later, 5xx means never, silence after the text means doubt."""
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            codes = [code for code, _text in error.recipients.values()]
            return Outcome(DELAYED if any(code < 500 for code in codes) else REFUSED, in_words(error))
        if isinstance(error, smtplib.SMTPResponseException):
            return Outcome(DELAYED if 400 <= error.smtp_code < 500 else REFUSED, in_words(error))
        if self._in_doubt:
            self._forget()
            return Outcome(UNCERTAIN, in_words(error))
        if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
            self._forget()
            return Outcome(DELAYED, in_words(error))
        return Outcome(REFUSED, in_words(error))


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
