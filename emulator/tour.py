"""`make local`: deploys, changes and destroys app.py on the local AWS by the real CDK CLI, and shows what SES holds."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final, cast

from rich.console import Console

from emulator import progress, terminal
from emulator.cloud import Emulator
from emulator.errors import EmulatorError

_CDK: Final = Path("node_modules", ".bin", "cdk")
_REVIEW: Final = Path(".venv", "bin", "sending-policy")
_STACK: Final = "SendingPolicyExample"
_CHANGE: Final = "partner_from_address=*@offers.example.com"
_BEFORE: Final = "cdk.out/before"
_AFTER: Final = "cdk.out/after"
_WIDTH: Final = 80
_PATIENCE_SECONDS: Final = 5.0
_REAL: Final = """\
  npx cdk bootstrap
  npx cdk deploy --context domain=example.com \\
                 --context partner_account=222222222222"""


class Tour:
    """The steps from a deploy of the example app to its destroy. The app's assemblies stay in cdk.out.

    :param aws: the local AWS to deploy to.
    :param console: the console to print to.
    """

    def __init__(self, aws: Emulator, console: Console) -> None:
        self._aws = aws
        self._console = console

    def run(self) -> None:
        """Run all steps; raise `EmulatorError` if one fails."""
        self._title("An app, and who may send by it")
        self._cdk("the CDK runs app.py", "synth", "--quiet", f"--output={_BEFORE}")
        self._review("it reads what the CDK wrote", "explain", _BEFORE)
        self._title("Deploy it")
        self._cdk("CloudFormation makes what deploys need", "bootstrap", f"--app={_BEFORE}")
        self._cdk("CloudFormation makes the stack", "deploy", f"--app={_BEFORE}", "--require-approval=never")
        self._see_that_ses_holds_it()
        self._title("Let the partner send from other addresses")
        self._cdk("the CDK runs app.py", "synth", "--quiet", f"--output={_AFTER}", f"--context={_CHANGE}")
        # `sending-policy diff` exits with 1 if more is allowed than before.
        self._review("it compares what the CDK wrote", "diff", _BEFORE, _AFTER, code=1)
        self._cdk("CloudFormation compares", "diff", f"--app={_AFTER}")
        self._cdk("CloudFormation changes the stack", "deploy", f"--app={_AFTER}", "--require-approval=never")
        self._see_that_ses_holds_it()
        self._title("Destroy it")
        self._cdk("CloudFormation deletes the stack", "destroy", f"--app={_AFTER}", "--force")
        if left := [policy.name for policy in self._aws.ses.policies()]:
            raise EmulatorError(f"SES still holds policies after the destroy: {', '.join(left)}")
        self._conclude("SES holds no policy: nobody else may send.")

    def _see_that_ses_holds_it(self) -> None:
        self._review("it reads the stack, and SES", "drift", f"--stack={_STACK}")
        self._conclude("SES holds what the stack declares, and nothing else.")

    def _title(self, title: str) -> None:
        self._console.print()
        self._console.rule(f"[bold]{title}", align="left")

    def _conclude(self, sentence: str) -> None:
        self._console.print(f"\n{sentence}", style="bold green", highlight=False)

    def _cdk(self, doing: str, *words: str) -> None:
        self._step(f"npx cdk {' '.join(words)}", [str(_CDK), *words, "--no-notices"], doing, 0, "dim")

    def _review(self, doing: str, *words: str, code: int = 0) -> None:
        self._step(f"{_REVIEW} {' '.join(words)}", [str(_REVIEW), *words], doing, code, "")

    def _step(self, shown: str, command: Sequence[str], doing: str, code: int, style: str) -> None:
        """Print `shown`, the command as a reader would type it; then run `command` and print its output."""
        self._console.print()
        for line in progress.fitting(f"$ {shown}", self._console.width):
            self._console.print(line, style="bold", markup=False, highlight=False, soft_wrap=True)
        self._console.print(f"  {doing} ...", style="dim", highlight=False)
        with subprocess.Popen(  # noqa: S603 - the CLI that package.json pins, and our own
            command,
            env=self._aws.shell(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            said = progress.lines(cast("IO[bytes]", process.stdout).fileno(), _PATIENCE_SECONDS)
            progress.tell(said, self._console, doing=doing, style=style)
        if process.returncode != code:
            raise EmulatorError(
                f"{Path(command[0]).name} {command[1]} ended with {process.returncode}; "
                f"the local AWS logged:\n{self._aws.log[-3000:]}"
            )


def main() -> int:
    """Run the tour; return 0, 1 if a step failed, or 130 if it was interrupted."""
    console = terminal.console(_WIDTH)
    console.width = min(console.width, _WIDTH)
    console.print("An AWS emulated on this machine: no account is needed, and none is touched.")
    console.print("starting the local AWS", style="dim")
    try:
        with Emulator() as aws:
            Tour(aws, console).run()
    except EmulatorError as error:
        sys.stderr.write(f"make local: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("make local: interrupted, the local AWS has ended\n")
        return 130
    console.print("\nThe same on a real account, with a domain and a partner of yours:\n")
    console.print(_REAL, style="bold", highlight=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
