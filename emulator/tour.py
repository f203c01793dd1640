"""`make local`: a deploy, a change and a destroy of app.py, by the real CDK CLI, with a look at SES after each."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from emulator import terminal
from emulator.cloud import Emulator
from emulator.errors import EmulatorError

_CDK: Final = Path("node_modules", ".bin", "cdk")
_ACCOUNT: Final = re.compile(r"arn:[^:]+:iam::(\d{12}):root")
_CHANGE: Final = "partner_from_address=*@offers.example.com"


class Tour:
    """The way through one life of the example app.

    :param aws: the local AWS that it is deployed to.
    :param folder: where the CLI writes its assemblies.
    :param console: where it is told.
    """

    def __init__(self, aws: Emulator, folder: Path, console: Console) -> None:
        self._aws = aws
        self._folder = folder
        self._console = console

    def run(self) -> None:
        """Go through it; raise `EmulatorError` where a step fails."""
        self._step("bootstrap the local account", "bootstrap")
        self._step("deploy app.py", "deploy", "--require-approval=never")
        self._show()
        self._step("change from which addresses the partner may send, and look at it", "diff", f"--context={_CHANGE}")
        self._step("deploy the change", "deploy", "--require-approval=never", f"--context={_CHANGE}")
        self._show()
        self._step("destroy", "destroy", "--force")
        self._show()
        if self._aws.ses.policies():
            raise EmulatorError("SES still holds policies after the destroy, as the table above shows")

    def _step(self, title: str, *command: str) -> None:
        self._console.rule(f"[bold]{title}", align="left")
        self._console.print(f"$ npx cdk {' '.join(command)}", style="dim", soft_wrap=True, highlight=False)
        # The CLI's own output goes straight through, so that it shows its progress as ever.
        self._console.file.flush()
        done = subprocess.run(  # noqa: S603 - the CLI that package.json pins
            [str(_CDK), *command, f"--output={self._folder}", "--no-notices"],
            env=self._aws.shell(),
            stdin=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise EmulatorError(
                f"cdk {command[0]} ended with {done.returncode}; the local AWS logged:\n{self._aws.log[-3000:]}"
            )

    def _show(self) -> None:
        rows = [row for each in self._aws.ses.policies() for row in _grants(each.identity, each.name, each.document)]
        if not rows:
            self._console.print("\nSES holds no policy: nobody else may send.\n", style="bold green")
            return
        title = "who may send as what, as SES holds it"
        table = Table(title=title, title_justify="left", title_style="bold green", expand=True)
        for column, share in (("identity", 2), ("policy", 3), ("who", 3), ("may", 2), ("when", 5)):
            table.add_column(column, overflow="fold", ratio=share)
        for row in rows:
            table.add_row(*row)
        self._console.print()
        self._console.print(table)


def _grants(identity: str, policy: str, document: str) -> Iterator[tuple[str, str, str, str, str]]:
    for statement in json.loads(document)["Statement"]:
        principal = statement["Principal"]
        who = (
            [principal] if isinstance(principal, str) else [each for some in principal.values() for each in _all(some)]
        )
        actions = ", ".join(each.removeprefix("ses:") for each in _all(statement["Action"]))
        conditions = [
            f"{key} {operator} {' or '.join(_all(value))}"
            for operator, keys in statement.get("Condition", {}).items()
            for key, value in keys.items()
        ]
        may = actions if statement["Effect"] == "Allow" else f"not {actions}"
        yield (
            identity,
            policy,
            "\n".join(_ACCOUNT.sub(r"account \1", each) for each in who),
            may,
            "\n".join(conditions) or "always",
        )


def _all(value: Any) -> list[str]:  # noqa: ANN401 - a place of a document where a scalar may stand for a list
    return value if isinstance(value, list) else [value]


def main() -> int:
    """Take the tour; return 0, or 1 where a step failed."""
    # As wide as the CLI's own lines.
    console = terminal.console(120)
    console.print("An AWS emulated on this machine: no account is needed, and none is touched.")
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            console.status("starting the local AWS", spinner="line") as status,
            Emulator() as aws,
        ):
            status.stop()
            Tour(aws, Path(folder), console).run()
    except EmulatorError as error:
        sys.stderr.write(f"make local: {error}\n")
        return 1
    console.print("The same on a real account, with a domain and a partner of yours:\n")
    console.print(
        "  npx cdk bootstrap && npx cdk deploy --context domain=example.com --context partner_account=222222222222",
        style="bold",
        soft_wrap=True,
        highlight=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
