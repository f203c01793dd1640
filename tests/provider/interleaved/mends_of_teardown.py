"""The mends of how policies are released, deleted and given back."""

from typing import Final

from tests.provider.interleaved.mend import Mend

_DECISIONS: Final = "ses_sending_policy.rules.decisions"
_LIFECYCLE, _TEARDOWN, _UNDO = (f"provider.{name}" for name in ("lifecycle", "teardown", "undo"))

OF_TEARDOWN: Final = (
    Mend(
        "what was made is deleted also where it is unmarked",
        _DECISIONS,
        "(Claim.MADE, Found.UNMARKED, Drop.DELETE, Drop.DELETE)",
        "(Claim.MADE, Found.UNMARKED, Drop.DELETE, Drop.LEAVE)",
    ),
    Mend(
        "the former Id is given back",
        _TEARDOWN,
        "        if drop is Drop.RELEASE and not has_owner:\n            return drop, known.former\n",
        '        if drop is Drop.RELEASE and not has_owner:\n            return drop, ""\n',
    ),
    Mend(
        "a former owner gets its policy back in a rollback",
        _TEARDOWN,
        "            return Drop.RELEASE, known.former\n",
        '            return drop, ""\n',
    ),
    Mend(
        "it gets it back only in a rollback",
        _TEARDOWN,
        "            if is_rolled_back:",
        "            if True:",
    ),
    Mend(
        "it gets it back only as it was adopted",
        _TEARDOWN,
        "        if self._is_as_adopted(live, properties):",
        "        if True:",
    ),
    Mend(
        "a cancelled adoption restores the Id that its Delete could not know",
        _UNDO,
        "if not is_ours(look.live) and not _is_released(trace, look.live):",
        "if not is_ours(look.live):",
    ),
    Mend(
        "an OnDelete that nobody understands deletes nothing that was adopted",
        _TEARDOWN,
        "            return OnDelete.RELEASE\n",
        "            return OnDelete.DELETE\n",
        unseen="one function of one version reads here what one version of the construct wrote",
        held_by="tests/provider/test_undo.py",
    ),
    Mend(
        "a Delete asks whether it is wanted",
        _TEARDOWN,
        "                drop = drop if is_wanted(target, look.live) else Drop.LEAVE\n",
    ),
    Mend(
        "a Delete that was answered deletes nothing",
        _TEARDOWN,
        "if self._is_answered(state):",
        "if False:",
    ),
    Mend(
        "that it was answered is known by the resource, which never had one",
        _TEARDOWN,
        'is_it = state.physical_id in ("", self._event.physical_id)',
        "is_it = state.physical_id == self._event.physical_id",
    ),
    Mend(
        "that it was answered is known by an event",
        _TEARDOWN,
        "return ended is not None and ended.at >= birth",
        "return False",
    ),
    *(
        Mend(
            f"a Delete of what is {status} was answered",
            _TEARDOWN,
            '_ANSWERED: Final = ("DELETE_COMPLETE", "DELETE_FAILED", "DELETE_SKIPPED")',
            "_ANSWERED: Final = ("
            + ", ".join(f'"DELETE_{each}"' for each in ("COMPLETE", "FAILED", "SKIPPED") if each not in status)
            + ")",
        )
        for status in ("DELETE_COMPLETE", "DELETE_FAILED", "DELETE_SKIPPED")
    ),
    Mend(
        "a resource that has the policy again keeps it",
        _TEARDOWN,
        "if is_present and state.physical_id != self._event.physical_id:",
        "if False:",
        unseen="a policy that comes back to its name has the physical id of then",
        held_by="tests/provider/test_delivered_again.py",
    ),
    Mend(
        "a resource that is getting the policy keeps it",
        _TEARDOWN,
        "return not is_present and not (state.status in _AT_WORK and self._declares(target))",
        "return not is_present",
    ),
    Mend(
        "a Delete with an invented id looks twice",
        _TEARDOWN,
        "        is_second = self._known is not None\n",
        "        is_second = True\n",
    ),
    Mend(
        "both names go of a rename that was never answered",
        _TEARDOWN,
        "if renamed is not None and self._is_deleted_as(target):",
        "if False:",
        unseen="a rename that was cancelled is rolled back here before its stack is deleted",
        held_by="tests/provider/test_undo.py",
    ),
    Mend(
        "what CloudFormation let go before is left",
        _TEARDOWN,
        "        if claim is Claim.NONE:\n            self._owner.recognise(target, look.live)\n",
        unseen="no stack here retains a policy, or moves it to another one",
        held_by="tests/provider/test_left_and_adopted.py",
    ),
    Mend(
        "where nobody tells whether it is a rollback, what was adopted is not deleted",
        _TEARDOWN,
        "if is_rolled_back is None and drop is Drop.DELETE:",
        "if False:",
        unseen="where CloudFormation may not be asked, what comes of that is allowed, as `cannot-ask`",
        held_by="tests/provider/test_handing_back.py",
    ),
    Mend(
        "a rollback drops a rename that was never answered",
        _LIFECYCLE,
        "        self._teardown.drop_unanswered_rename()\n",
    ),
    Mend(
        "an Update that fails takes back what it did",
        _LIFECYCLE,
        "raise self._noted(_naming(failure, self._undo())) from failure",
        "raise self._noted(failure) from failure",
        unseen="its rollback lets the new name go as well",
        held_by="tests/provider/test_undo.py",
    ),
)
"""All mends of the teardown."""
