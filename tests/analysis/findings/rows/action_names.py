"""What the rules about actions that SES does not have must report, and must not."""

from typing import Final

from tests.analysis.findings.declare import REF, one, statement, theirs
from tests.analysis.findings.row import FIRST, Row

ACTION: Final = f"{FIRST}/Action"


def _deny(rule: str, action: str, *, found: bool = True) -> Row:
    return Row(rule, f"a Deny of {action}", one(Effect="Deny", Action=action), (ACTION,) if found else (), "warning")


def _allow(rule: str, action: str, *, found: bool = True) -> Row:
    return Row(rule, action, one(Action=action), (ACTION,) if found else ())


ROWS: Final = [
    _allow("SES016", "ses:SendMail"),
    _allow("SES016", "SendEmail"),
    _allow("SES016", "ses:"),
    _allow("SES016", "ses:SendMail*"),
    _allow("SES016", "ses:Nothing"),
    _deny("SES016", "ses:SendMail"),
    _deny("SES016", "ses:SendMail?"),
    Row("SES016", "theirs", theirs({"Statement": [statement(Action="ses:SendMail")]}), (ACTION,)),
    Row("SES016", "one of two", one(Action=["ses:SendEmail", "ses:SendRaw"]), (f"{ACTION}/1",)),
    _allow("SES016", "ses:SendEmail", found=False),
    _allow("SES016", "SES:sendemail", found=False),
    _allow("SES016", "ses:DeleteEmailIdentity", found=False),
    _allow("SES016", "ses:Send*", found=False),
    _allow("SES016", "ses:?endEmail", found=False),
    _allow("SES016", "*", found=False),
    _allow("SES016", "s*", found=False),
    _allow("SES016", "s3:GetObject", found=False),
    _deny("SES016", "ses:*", found=False),
    Row("SES016", "unknown", one(Action=[REF, {"Fn::Sub": "ses:${Action}"}])),
    Row("SES016", "none", one(Action=None, NotAction="ses:SendMail")),
    Row("SES016", "an empty one, SES011's", one(Action="")),
    _allow("SES017", "s3:GetObject"),
    _allow("SES017", "s3:SendEmail"),
    _allow("SES017", "sns:*"),
    _deny("SES017", "s3:GetObject"),
    _allow("SES017", "ses:SendMail", found=False),
    _allow("SES017", "SendEmail", found=False),
    _allow("SES017", "*:SendEmail", found=False),
    Row("SES017", "unknown", one(Action={"Fn::Sub": "${Service}:GetObject"})),
]
