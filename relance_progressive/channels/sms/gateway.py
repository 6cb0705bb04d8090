import logging

import requests
import urllib3

from odoo import api, models, modules
from odoo.exceptions import UserError
from odoo.tools import config
from odoo.tools.urls import urljoin

from odoo.addons.iap.tools.iap_tools import InsufficientCreditError
from odoo.addons.sms.tools.sms_api import SmsApi

from ...settings.apart import raise_if_lost
from ..dunning_channel import ACCEPTED, DELAYED, REFUSED, SERVICE, UNCERTAIN, Outcome

_logger = logging.getLogger(__name__)

# What happened before a request left: urllib3's own errors, that requests wraps.
NEVER_LEFT = (
    requests.exceptions.ConnectTimeout, requests.exceptions.InvalidURL, requests.exceptions.MissingSchema,
    requests.exceptions.ProxyError, requests.exceptions.SSLError, urllib3.exceptions.NewConnectionError,
    ConnectionRefusedError,
)  # fmt: skip
# HTTP answers by which a server says that it did not take the request.
NOT_TAKEN = (401, 402, 403, 404, 405, 429, 503)
# What a gateway says of a message that is about the account, not about the message.
NO_ACCOUNT = ("insufficient_credit", "unregistered")
FIRST = 3  # messages of the first request: it shows whether the gateway works


class DunningChannelSms(models.AbstractModel):
    """Hand text messages over to the gateway, company by company.

    Not through Odoo's queue: it stops when two companies meet in it, drops the second message to a
    number, and tells nobody what became of one.
    """

    _inherit = "dunning.channel.sms"

    @api.model
    def _gateway_class(self, company):
        return company._get_sms_api_class()

    @api.model
    def _hand_over(self, contents, begin):
        reminders = self.env["dunning.reminder"].browse(contents)
        for company, own in reminders.grouped("company_id").items():
            asleep = own.filtered(lambda one: not self._may_ring(contents[one.id]["address"], one.company_id))
            for reminder in asleep:  # a fallback, or a night that has just begun
                number = contents[reminder.id]["address"]
                yield reminder.id, Outcome(DELAYED, self._night_in_words(number), self._next_moment(number, company))
            channel = self.with_company(company)
            for ids in channel._requests((own - asleep).ids, contents):
                yield from channel._send(company, {id_: contents[id_] for id_ in ids}, begin)

    def _requests(self, ids, contents):
        """Yield the reminders of each request: as many as the gateway takes, each number once.

        Gateways drop the second message to a number in a request, though it is another customer's.
        """
        most = self.env["sms.sms"]._get_send_batch_size()
        size = min(FIRST, most)
        while ids:
            now, later, numbers = [], [], set()
            for id_ in ids:
                number = contents[id_]["address"]
                fits = number not in numbers and len(now) < size
                (now if fits else later).append(id_)
                numbers.add(number)
            yield now
            ids, size = later, most

    def _send(self, company, contents, begin):
        """Send one request, and yield the outcome of each of its messages."""
        try:
            gateway = self._gateway_class(company)(self.env)
            gateway._set_company(company)
        except Exception as error:  # the gateway's own: no account, no settings
            raise_if_lost(error)
            _logger.warning("The SMS gateway cannot be used: %s", error)
            yield from ((id_, Outcome(DELAYED, str(error), scope=SERVICE)) for id_ in contents)
            return
        self._announce(company, contents)
        contents = {id_: content for id_, content in contents.items() if not begin(id_)}
        if not contents:
            return
        by_text = {}
        for content in contents.values():
            number = {"number": content["address"], "uuid": content["reference"]}
            by_text.setdefault(content["text"], []).append(number)
        messages = [{"content": text, "numbers": numbers} for text, numbers in by_text.items()]
        try:
            results = gateway._send_sms_batch(messages, delivery_reports_url=self._reports_url(company)) or []
        except Exception as error:  # whatever a gateway does: the outcome says what is known
            raise_if_lost(error)
            _logger.warning("The SMS gateway failed: %s", error)
            outcome = self._outcome_of_error(error)
            yield from ((id_, outcome) for id_ in contents)
            return
        answers = {answer.get("uuid"): answer for answer in results}
        for id_, content in contents.items():
            yield id_, self._outcome(gateway, answers.get(content["reference"]), content)

    def _reports_url(self, company):
        return urljoin(company.get_base_url(), "/sms/status")

    def _announce(self, company, contents):
        """Make the messages known to who receives the delivery reports, that may come before this batch ends."""
        if config["test_enable"] or modules.module.current_test:
            self._make_trackers(self.sudo().env, company, contents)
            return
        with self.env.registry.cursor() as cr:
            self._make_trackers(self.sudo().with_company(company).env(cr=cr), company, contents)

    def _make_trackers(self, env, company, contents):
        """Write what gateways look for: the tracker, and the SMS, by which some of them find the company.

        Its status is none that the queue would send, and Odoo clears it away the next night.
        """
        env["sms.tracker"].create([
            {"sms_uuid": content["reference"], "dunning_reminder_id": id_} for id_, content in contents.items()
        ])
        common = {"state": "process", "to_delete": True}
        if "record_company_id" in env["sms.sms"]._fields:
            common["record_company_id"] = company.id
        env["sms.sms"].create([
            {"uuid": content["reference"], "number": content["address"], **common} for content in contents.values()
        ])

    # === OUTCOMES === #

    def _outcome(self, gateway, answer, content):
        """Return what a gateway's answer about one message means."""
        if not answer:
            return Outcome(UNCERTAIN, self.env._("The SMS gateway did not say what became of it."))
        state, why = answer.get("state") or "", answer.get("failure_reason") or ""
        if state in self.env["sms.sms"].IAP_TO_SMS_STATE_SUCCESS:
            if credit := answer.get("credit"):
                content["note"] = self.env._("%(note)s, %(credit)s credits", note=content["note"], credit=credit)
            return Outcome(ACCEPTED)
        if state == "server_error":
            # Odoo's own service says it of what it did not take; others also of a request without an answer.
            words = why or self.env._("The SMS gateway is out of order.")
            return Outcome(DELAYED if isinstance(gateway, SmsApi) else UNCERTAIN, words)
        if state in NO_ACCOUNT:
            return Outcome(DELAYED, self._refusal_in_words(state, why), scope=SERVICE)
        return Outcome(REFUSED, self._refusal_in_words(state, why))

    def _refusal_in_words(self, state, why):
        """Return why a gateway refused a message; its own words may hold links with keys, they are the last resort."""
        words = {
            "insufficient_credit": self.env._("The SMS account has no credit left."),
            "unregistered": self.env._("The SMS account is not registered."),
            "registration_needed": self.env._("The country of this number asks senders of SMS to register first."),
            "country_not_supported": self.env._("The SMS gateway does not serve the country of this number."),
            "wrong_number_format": self.env._("The SMS gateway does not take this number for a valid one."),
            "sms_number_missing": self.env._("The SMS gateway received no number."),
            "incompatible_content": self.env._("The SMS gateway does not let this text pass."),
            "duplicate_message": self.env._("The SMS gateway has just sent this text to this number."),
        }
        return words.get(state) or self.env._("The SMS gateway refused: %(reason)s", reason=why or state)

    def _outcome_of_error(self, error):
        """Return what an error of a whole request means: delayed only if nothing can have left.

        It is the gateway's in any case: the next request would end so too.
        """
        words = str(error) or type(error).__name__
        chain = list(_causes(error))
        if any(isinstance(cause, InsufficientCreditError) for cause in chain):
            return Outcome(DELAYED, self._refusal_in_words("insufficient_credit", ""), scope=SERVICE)
        if any(isinstance(cause, NEVER_LEFT) for cause in chain):
            return Outcome(DELAYED, words, scope=SERVICE)
        if type(error) is UserError and len(chain) == 1:  # about settings, before any request
            return Outcome(DELAYED, words, scope=SERVICE)
        answers = [getattr(cause, "response", None) for cause in chain]
        if any(answer is not None and answer.status_code in NOT_TAKEN for answer in answers):
            return Outcome(DELAYED, words, scope=SERVICE)
        return Outcome(UNCERTAIN, words, scope=SERVICE)


def _causes(error):
    """Yield an error and all that it was raised from, those wrapped as arguments included."""
    pending, seen = [error], set()
    while pending:
        one = pending.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        pending += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
