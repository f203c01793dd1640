"""What the rules about actions must report, and must not."""

from tests.analysis.findings.declare import REF, one, when
from tests.analysis.findings.row import FIRST, Row, condition

ROWS = [
    Row("SES003", "a management action", one(Action="ses:DeleteEmailIdentity"), (f"{FIRST}/Action",)),
    Row("SES003", "among others", one(Action=["ses:SendEmail", "ses:GetEmailIdentity"]), (f"{FIRST}/Action/1",)),
    Row("SES003", "all of SES", one(Action="ses:*"), (f"{FIRST}/Action",)),
    Row("SES003", "all", one(Action="*"), (f"{FIRST}/Action",)),
    Row("SES003", "what deletes", one(Action="ses:Delete*"), (f"{FIRST}/Action",)),
    Row("SES003", "what bounces", one(Action="ses:SendBounce"), (f"{FIRST}/Action",)),
    Row("SES003", "another service's, SES017's", one(Action="s3:SendEmail")),
    Row("SES003", "none that there is, SES016's", one(Action="ses:SendMail")),
    Row("SES003", "more than what begins with Send", one(Action="ses:S*"), (f"{FIRST}/Action",)),
    Row("SES003", "all five", one(Action=["ses:SendRawEmail", "ses:SendTemplatedEmail", "ses:SendBulkEmail"])),
    Row("SES003", "another case", one(Action=["SES:sendemail", "ses:SendBulkTemplatedEmail"])),
    Row("SES003", "what begins with Send", one(Action=["ses:Send*", "ses:Send?mail"])),
    Row("SES003", "a Deny", one(Action="ses:*", Effect="Deny")),
    Row("SES003", "an unknown one", one(Action=REF)),
    Row("SES003", "none", one(Action=None, NotAction="ses:*")),
    Row(
        "SES106",
        "bulk",
        when("StringLike", "ses:FromAddress", "a", Action=["ses:SendBulkEmail", "ses:SendEmail"]),
        (condition("StringLike", "ses:FromAddress"),),
    ),
    Row(
        "SES106",
        "behind a key of everybody's",
        one(Action="ses:SendBulkEmail", Condition={"StringLike": {"aws:SourceArn": "a", "ses:FromAddress": "b"}}),
        (condition("StringLike", "ses:FromAddress"),),
    ),
    Row(
        "SES106",
        "a tenant, twice",
        when("StringLike", "ses:TenantName", "a", Action=["ses:SendRawEmail", "ses:SendTemplatedEmail"]),
        (condition("StringLike", "ses:TenantName"),) * 2,
    ),
    Row(
        "SES106", "an export's", when("Bool", "ses:ExportSourceType", "a"), (condition("Bool", "ses:ExportSourceType"),)
    ),
    Row(
        "SES106",
        "Mail Manager's",
        when("ArnEquals", "ses:MailManagerRuleSetArn", "a"),
        (condition("ArnEquals", "ses:MailManagerRuleSetArn"),),
    ),
    Row("SES106", "those of SendEmail", one(Condition={"StringLike": {"ses:FromAddress": "a", "ses:TenantName": "b"}})),
    Row("SES106", "bulk's own", when("StringLike", "ses:TenantName", "a", Action="ses:SendBulkEmail")),
    Row("SES106", "everybody's", when("StringLike", "aws:SourceArn", "a", Action="ses:SendBulkEmail")),
    Row("SES106", "a pattern", when("StringLike", "ses:FromAddress", "a", Action=["ses:Send*", REF])),
    Row("SES106", "a key that SES007 is about", when("StringLike", "ses:From", "a")),
]
