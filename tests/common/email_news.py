
BOUNCE = """\
Return-Path: <>
From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>
To: bounce@atelier.example
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-{number}@mx.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=us-ascii

<{address}>: host mx.example said: 550 5.1.1 User unknown

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B
Content-Type: message/rfc822

Message-Id: {reference}
From: factures@atelier.example
To: {address}
Subject: Reminder

--B--
"""

ANSWER = """\
From: Petit <{address}>
To: lea@atelier.example
Subject: Re: Reminder
Message-Id: <answer@petit.example>
In-Reply-To: {reference}
References: {reference}
Content-Type: text/plain; charset=utf-8

We pay on Friday.
"""
