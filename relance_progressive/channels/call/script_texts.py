"""What to say on the phone at each stage, as long as nobody has written a text of his own.

A line that ends with a colon is a title. The words in braces are the placeholders of reminders. No sum is named before
it is clear who is on the line.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

PRE_DUE = _lt("""\
Open the call:
Hello, this is {user_name} of {company_name}. Am I speaking to the person who handles your payments?
Once you know that you are: I am calling about {count_text} that will soon fall due: {amount_text}, the first on \
{oldest_due_text}.

Ask:
Have you received everything? Is it planned for payment on the due date? Is anything missing in your file?

If they say:
- “We never received the invoice”: offer to send it again at once, and check the address.
- “There is a mistake in it”: note what is contested, we look at it before the due date.""")

FRIENDLY = _lt("""\
Open the call:
Hello, this is {user_name} of {company_name}. Am I speaking to the person who handles your payments?
Once you know that you are: we have not received the payment of {count_text} yet: {amount_text}, due since \
{oldest_due_text}. It may well be an oversight.

Ask:
Have you received our messages? When can we expect the payment, and by which means? Note the day, and repeat \
it.

If they say:
- “It has been sent”: on which day, by which means, for which amount? Note that day as the promise.
- “We never received the invoice”: send it again while you speak, and agree on a day all the same.
- “The person in charge is away”: when to call back, and who decides meanwhile?
- “We do not agree”: which invoice, which amount, why? Note it: it is looked at, and the rest remains due.""")

FIRM = _lt("""\
Open the call:
Hello, this is {user_name} of {company_name}. Am I speaking to the person who handles your payments?
Once you know that you are: {despite_text} {amount_text} is still unpaid, {days_text} after the due date. \
I am calling to find a solution with you today.

Ask:
What prevents the payment? On which day will it be made, in full? If that is impossible: which amount at \
once, and the rest on which day? Repeat the day and the amount.

If they say:
- “We wait for our own customers to pay”: our invoice does not depend on it. Ask for a part now, and a day \
for the rest.
- “It will be in the next payment run”: on which day is it, and is our invoice in it? Note that day.
- “You promised to wait”: who said so, until when? Look at what was promised before.
- “We do not agree”: which invoice, which amount, why now? Note it: the rest remains due.""")

FORMAL_NOTICE = _lt("""\
Open the call:
Hello, this is {user_name} of {company_name}. May I speak to the person who approves payments?
Once this person is on the line: {amount_text} is unpaid, {days_text} after the due date; \
this is our last call before a formal notice.

Ask:
Will you pay in full, and on which day? Without a firm answer, a formal notice leaves, and the file may be \
handed over to our legal department or our lawyer. Stay calm, threaten nothing else, repeat what was agreed.

If they say:
- “We are in difficulty”: since when, and are proceedings open? Note it. Offer to look at a payment plan in \
writing.
- “Do what you want”: note the refusal, thank them, and end the call.
- “We do not agree”: why was it not said before? Ask for it in writing, and note it: the rest remains due.
- “I will pay tomorrow”: note the day and the amount, and say that it is checked.""")

STANDARD = {"pre_due": PRE_DUE, "friendly": FRIENDLY, "firm": FIRM, "formal_notice": FORMAL_NOTICE}
