"""What would be sent raw is found, whatever form somebody knows from another program; what is right is left alone."""

import pytest

from relance_progressive.core.plain.placeholders import AS_IS, BODY, LINE, SCRIPT, wrong_placeholders

NAMES = {"amount_text", "days_late", "company_name", "partner_id"}

WRONG = [
    (BODY, "<p>You owe {{ object.amount_text }}.</p>", ["{{ object.amount_text }}"]),
    (BODY, "<p>You owe ${object.amount_text}.</p>", ["${object.amount_text}"]),
    (BODY, "<p>late for {days}</p>", ["{days}"]),
    (BODY, "<p>{{ <b>object.amount_text</b> }}</p>", ["{{", "object.amount_text", "}}"]),
    (BODY, '<p>&lt;t t-out="object.amount_text"/&gt;</p>', ['<t t-out="object.amount_text"/>']),
    (BODY, '<p><t t-out="object.amount_txt"/></p>', ['<t t-out="object.amount_txt"/>']),
    (BODY, '<p><t t-out="amount_text"/></p>', ['<t t-out="amount_text"/>']),
    (BODY, '<a href="mailto:{{ object.company_name }}">write</a>', ["{{ object.company_name }}"]),
    (BODY, "<p>{% if object %}x{% endif %}</p>", ["{% if object %}", "{% endif %}"]),
    (BODY, "<p>%(amount)s</p>", ["%(amount)s"]),
    (BODY, "<p>{{ object.amount_text }</p>", ["{{", "object.amount_text"]),
    (BODY, "<p>[[object.amount_text]]</p>", ["[[object.amount_text]]"]),
    (BODY, "<p>{ { object.amount_text } }</p>", ["{ { object.amount_text } }"]),
    (BODY, "<p>{object.amount_text} { object.amount_text }</p>", ["{object.amount_text}", "{ object.amount_text }"]),
    (BODY, "<p>%(amount_text)s %(object.name)d</p>", ["%(amount_text)s", "%(object.name)d"]),
    (BODY, "<p>&lt;%= object.amount_text %&gt;</p>", ["<%= object.amount_text %>"]),
    (BODY, "<p>[[<b>object.amount_text</b>]]</p>", ["[[", "object.amount_text", "]]"]),
    (BODY, "<p>&lt;&lt;amount&gt;&gt; «amount_text» [partner_id]</p>", ["<<amount>>", "amount_text", "[partner_id]"]),
    (BODY, "<p>You owe object.amount_text, amount_text.</p>", ["object.amount_text", "amount_text"]),
    (BODY, "<p>%amount% $amount {0} {amount:.2f} {amount|upper}</p>",
     ["%amount%", "$amount", "{0}", "{amount:.2f}", "{amount|upper}"]),
    (BODY, '<p><t t-out="object.amount_text if x else object.nothing"/></p>',
     ['<t t-out="object.amount_text if x else object.nothing"/>']),
    (BODY, '<p><t t-out="object amount"/></p>', ['<t t-out="object amount"/>']),
    (LINE, "Unpaid: [[object.amount_text]]", ["[[object.amount_text]]"]),
    (LINE, "Unpaid: { { object.amount_text } }", ["{ { object.amount_text } }"]),
    (LINE, "Unpaid: {object.amount_text}", ["{object.amount_text}"]),
    (LINE, "Unpaid: <%= object.amount_text %>", ["<%= object.amount_text %>"]),
    (LINE, "Unpaid: {{{ object.amount_text }}}", ["{{{ object.amount_text }}"]),
    (LINE, "Unpaid: {{ name of the customer }}", ["{{ name of the customer }}"]),
    (SCRIPT, "Hello, [[amount_text]] { days_late }", ["[[amount_text]]", "{ days_late }"]),
    (AS_IS, "You owe [[object.amount_text]], <%= x %>, object.amount_text",
     ["[[object.amount_text]]", "<%= x %>", "object.amount_text"]),
    (LINE, "Unpaid: ${object.amount_text}", ["${object.amount_text}"]),
    (LINE, "Unpaid: {amount_text}", ["{amount_text}"]),
    (LINE, "Unpaid: {{ amount_text }}", ["{{ amount_text }}"]),
    (LINE, "Unpaid: {{ object.amount }}", ["{{ object.amount }}"]),
    (LINE, 'Unpaid: <t t-out="object.amount_text"/>', ['<t t-out="object.amount_text"/>']),
    (LINE, "Unpaid: {{ }}", ["{{ }}"]),
    (SCRIPT, "Hello, {amount_text} for {days} days", ["{days}"]),
    (SCRIPT, "Hello, {{ object.amount_text }}", ["{{ object.amount_text }}"]),
    (SCRIPT, "Hello, ${amount_text}", ["${amount_text}"]),
    (AS_IS, "You owe {amount_text}, {{ object.amount_text }}", ["{amount_text}", "{{ object.amount_text }}"]),
]
RIGHT = [
    (BODY, '<p>You owe <t t-out="object.amount_text"/> since <t t-out="object.days_late"></t> days.</p>'),
    (BODY, '<p t-if="ctx.get(\'x\') == 1">a</p><p t-else=""><t t-out="ctx.get(\'dunning_resume\')"/></p>'),
    (BODY, '<t t-out="object.partner_id.name"/><a t-attf-href="mailto:{{ object.company_name }}">b</a>'),
    (BODY, "<style>p { color: red } a {color:blue}</style><p>100 % {of} it</p>".replace("{of}", "( of )")),
    (BODY, '<p style="margin: {x}">a</p>'),
    (BODY, ""),
    (LINE, "Unpaid: {{ object.amount_text }} {{ object.partner_id.name ||| you }}"),
    (LINE, "{{ 'a' if object.days_late else 'b' }} {{ user.name }}"),
    (LINE, "10 $ { or } 5 %"),
    (LINE, "100 $CAN, 5 % [sic] <3 « date » (object) 50%/50%, jean_paul@amount_text.example"),
    (BODY, '<p>See <a href="https://a.example/%C3%A9t%C3%A9?user_id=3&amp;x=1#a_b">this object. The rest</a> [1]</p>'),
    (SCRIPT, "Hello, {amount_text}: {days_late} days."),
    (AS_IS, "You owe 10 $ (5 %) {or not}."),
]


@pytest.mark.parametrize(("kind", "text", "found"), WRONG)
def test_what_would_be_sent_raw_is_found(kind, text, found):
    assert wrong_placeholders(text, kind, NAMES) == found


@pytest.mark.parametrize(("kind", "text"), RIGHT)
def test_what_is_right_is_left_alone(kind, text):
    assert wrong_placeholders(text, kind, NAMES) == []
