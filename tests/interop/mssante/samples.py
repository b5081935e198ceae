"""Receipts in the shapes that foreign servers write, made for these tests."""

from __future__ import annotations

ORIGINAL = "<5f0c7b3a-1@deux-quais.mssante.fr>"

POSTFIX_FAILED = b"""\
Return-Path: <>
Received: by mx.operateur.example (Postfix)\r
\tid 4F1C21A0; Fri, 20 Nov 2026 10:15:03 +0100 (CET)
Date: Fri, 20 Nov 2026 10:15:03 +0100 (CET)
From: MAILER-DAEMON@mx.operateur.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: amarre.domicile@deux-quais.mssante.fr
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F1C21A0.1763630103/mx.operateur.example"
Message-Id: <20261120091503.4F1C21A0@mx.operateur.example>

This is a MIME-encapsulated message.

--4F1C21A0.1763630103/mx.operateur.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.operateur.example.

--4F1C21A0.1763630103/mx.operateur.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.operateur.example
Original-Envelope-Id: 5f0c7b3a-1@deux-quais.mssante.fr
X-Postfix-Queue-ID: 4F1C21A0
X-Postfix-Sender: rfc822; amarre.domicile@deux-quais.mssante.fr
Arrival-Date: Fri, 20 Nov 2026 10:15:01 +0100 (CET)

Final-Recipient: rfc822; nobody@infirmier.mssante.fr
Original-Recipient: rfc822;nobody@infirmier.mssante.fr
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.infirmier.example
Diagnostic-Code: smtp; 550 5.1.1 <nobody@infirmier.mssante.fr>: Recipient
    address rejected: User unknown in virtual mailbox table

--4F1C21A0.1763630103/mx.operateur.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <amarre.domicile@deux-quais.mssante.fr>
From: Service <amarre.domicile@deux-quais.mssante.fr>
Message-ID: <5f0c7b3a-1@deux-quais.mssante.fr>
Subject: XDM/1.0/DDM+Projet

--4F1C21A0.1763630103/mx.operateur.example--
"""

POSTFIX_SUCCESS_TWO = b"""\
From: MAILER-DAEMON@mx.operateur.example
Subject: Successful Mail Delivery Report
Date: Fri, 20 Nov 2026 10:15:03 +0100
Message-Id: <ok@mx.operateur.example>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message was successfully delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.operateur.example
Original-Envelope-Id: 5f0c7b3a-1@deux-quais.mssante.fr

Final-Recipient: rfc822; one@medecin.mssante.fr
Action: delivered (to mailbox)
Status: 2.0.0
Diagnostic-Code: smtp; 250 2.0.0 saved

Final-Recipient: rfc822; two@other.example
Action: relayed
Status: 2.0.0
Diagnostic-Code: smtp; 250 2.0.0 Ok: queued as 77

--b--
"""

POSTFIX_DELAYED = b"""\
From: MAILER-DAEMON@mx.operateur.example
Subject: Delayed Mail (still being retried)
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.operateur.example

Final-Recipient: rfc822; one@medecin.mssante.fr
Action: delayed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mx.medecin.example: Connection timed out
Will-Retry-Until: Sun, 22 Nov 2026 10:15:01 +0100 (CET)

--b
Content-Type: text/rfc822-headers

Message-ID:
 <5f0c7b3a-1@deux-quais.mssante.fr>

--b--
"""

EXCHANGE_FAILED = b"""\
From: =?utf-8?B?UG9zdG1hw650cmU=?= <postmaster@hopital.example>\r
To: <amarre.domicile@deux-quais.mssante.fr>\r
Date: Fri, 20 Nov 2026 09:16:00 +0000\r
Content-Type: multipart/report; report-type=delivery-status;\r
\tboundary="c0ffee-e000-4f7d"\r
X-MS-Exchange-Message-Is-Ndr:\r
Content-Language: fr-FR\r
Message-ID: <3d1d@EXCH01.hopital.example>\r
In-Reply-To: <5f0c7b3a-1@deux-quais.mssante.fr>\r
References: <5f0c7b3a-1@deux-quais.mssante.fr>\r
Subject: =?utf-8?B?Tm9uIHJlbWlzwqA6IFhETS8xLjAvRERN?=\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
\r
--c0ffee-e000-4f7d\r
Content-Type: multipart/alternative; differences=Content-Type;\r
\tboundary="inner"\r
\r
--inner\r
Content-Type: text/plain; charset="utf-8"\r
Content-Transfer-Encoding: base64\r
\r
w4ljaGVj\r
--inner\r
Content-Type: text/html; charset="utf-8"\r
\r
<p>x</p>\r
--inner--\r
\r
--c0ffee-e000-4f7d\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns;EXCH01.hopital.example\r
Received-From-MTA: dns;mx.operateur.example\r
Arrival-Date: Fri, 20 Nov 2026 09:15:59 +0000\r
\r
Final-Recipient: rfc822;ancien@hopital.example\r
Action: failed\r
Status: 5.0.0\r
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found\r
X-Display-Name: ANCIEN\r
\r
--c0ffee-e000-4f7d\r
Content-Type: message/rfc822\r
\r
From: Service <amarre.domicile@deux-quais.mssante.fr>\r
Message-ID: <5f0c7b3a-1@deux-quais.mssante.fr>\r
Content-Type: multipart/report; report-type=delivery-status; boundary="trap"\r
\r
--trap\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns;trap\r
\r
Final-Recipient: rfc822;trap@example.fr\r
Action: delivered\r
Status: 2.0.0\r
\r
--trap--\r
--c0ffee-e000-4f7d--\r
"""

DOVECOT_QUOTA = b"""\
Message-ID: <dovecot-1763630103-1-0@imap.example>
Date: Fri, 20 Nov 2026 10:15:03 +0100
From: Mail Delivery Subsystem <postmaster@imap.example>
To: <amarre.domicile@deux-quais.mssante.fr>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4711/imap.example"
Subject: Rejected: XDM/1.0/DDM+Projet
Auto-Submitted: auto-replied (rejected)
Precedence: bulk

This is a MIME-encapsulated message

--4711/imap.example
Content-Type: text/plain; charset=utf-8
Content-Disposition: inline
Content-Transfer-Encoding: 8bit

Your message to <pleine@infirmier.mssante.fr> was automatically rejected:
Quota exceeded (mailbox for user is full)

--4711/imap.example
Content-Type: message/delivery-status

Reporting-MTA: dns; imap.example
Original-Recipient: rfc822; pleine@infirmier.mssante.fr
Final-Recipient: rfc822; pleine@infirmier.mssante.fr
Action: failed
Status: 5.2.2

--4711/imap.example
Content-Type: message/rfc822

From: Service <amarre.domicile@deux-quais.mssante.fr>
Message-ID: <5f0c7b3a-1@deux-quais.mssante.fr>
Subject: XDM

--4711/imap.example--
"""

MDN_DISPLAYED = b"""\
From: Marie Martin <marie.martin@medecin.mssante.fr>
To: amarre.domicile@deux-quais.mssante.fr
Subject: Lu : XDM/1.0/DDM+Projet
Date: Fri, 20 Nov 2026 14:00:00 +0100
Message-ID: <mdn-1@medecin.mssante.fr>
Content-Type: multipart/report; report-type=disposition-notification; boundary="m"

--m
Content-Type: text/plain

Lu.

--m
Content-Type: message/disposition-notification

Reporting-UA: client.example; Client 1.0
Final-Recipient: rfc822;marie.martin@medecin.mssante.fr
Original-Message-ID: <5f0c7b3a-1@deux-quais.mssante.fr>
Disposition: manual-action/MDN-sent-manually; displayed

--m--
"""

MDN_INTEGRATION_ERROR = b"""\
From: soins@essms-test.mssante.fr
To: amarre.domicile@deux-quais.mssante.fr
Subject: =?utf-8?q?=5BKO_Int=C3=A9gration_syst=C3=A8me_!=5D=5B902=5D_XDM/1=2E0/DDM+Projet?=
Content-Type: multipart/report; report-type=disposition-notification; boundary="r1"

--r1
Content-Type: text/plain; charset=utf-8

902 patient inconnu
--r1
Content-Type: message/disposition-notification

Original-Recipient: rfc822;soins@essms-test.mssante.fr
Final-Recipient: rfc822;soins@essms-test.mssante.fr
Original-Message-ID: <5f0c7b3a-1@deux-quais.mssante.fr>
Disposition: automatic-action/MDN-sent-automatically; processed/Error: 902^Patient inconnu

--r1--
"""

MES_NOTICE = """\
From: Mon espace sante <ne-pas-repondre@patient.mssante.fr>
To: amarre.domicile@deux-quais.mssante.fr
Subject: =?utf-8?q?Message_non_distribu=C3=A9?=
In-Reply-To: <5f0c7b3a-1@deux-quais.mssante.fr>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Votre message n'a pas été distribué : messagerie fermée.
""".encode()

INTEGRATION_MAIL = b"""\
From: Soins <soins@essms-test.mssante.fr>
To: amarre.domicile@deux-quais.mssante.fr
Subject: =?utf-8?q?=5BErreur_d=27int=C3=A9gration_!=5D_=5B904=5D_XDM?=
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: text/plain

Erreur.
--x
Content-Type: message/rfc822

Message-ID: <5f0c7b3a-1@deux-quais.mssante.fr>

original
--x--
"""
