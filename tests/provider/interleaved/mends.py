"""The mends against overlap, stale reads and lost answers. `make mends` takes each out alone."""

from typing import Final

from tests.provider.interleaved.mend import Mend
from tests.provider.interleaved.mends_of_teardown import OF_TEARDOWN

_FENCE, _LIFECYCLE, _OVERTAKEN, _OWNER, _WATCH = (
    f"provider.{name}" for name in ("fence", "lifecycle", "overtaken", "owner", "event_monitor")
)

_OF_LOOKS: Final = (
    Mend(
        "a look has an age",
        _FENCE,
        "if self._clock.now() - self._written_on.began > LOOK_SECONDS:",
        "if False:",
    ),
    Mend(
        '"absent" is final only when a read shows what was there before the event',
        _FENCE,
        "look if look.live is not None or look.began >= shown else self.look(target, after=shown)",
        "look",
    ),
    Mend(
        '"unchanged" is confirmed',
        _OWNER,
        "if held or table[found, wanted.when_exists] in _TAKE_OVERS:",
        "if table[found, wanted.when_exists] in _TAKE_OVERS:",
    ),
    Mend(
        "a look before a take-over is confirmed",
        _OWNER,
        "if held or table[found, wanted.when_exists] in _TAKE_OVERS:",
        "if held:",
    ),
    Mend(
        "rounds have pauses",
        _OWNER,
        "            if number:\n                self._fence.wait(STALE_SECONDS)\n",
    ),
    Mend(
        "no look right after an own write",
        _FENCE,
        "self._shown = self._clock.now() + STALE_SECONDS",
        "self._shown = self._clock.now()",
    ),
    Mend(
        "no look right after a doubtful write",
        _FENCE,
        "            done = error.doubtful\n",
        "            done = False\n            if error.doubtful:\n                self.wrote.add(target)\n",
    ),
    Mend(
        "a doubtful write may have written",
        _FENCE,
        "            done = error.doubtful\n",
        "            done = False\n            if error.doubtful:\n"
        "                self._shown = self._clock.now() + STALE_SECONDS\n",
    ),
    Mend(
        "a claim that is refused after a doubtful try may be ours",
        _OWNER,
        "if isinstance(refusal, AlreadyExistsError) and refusal.doubtful:",
        "if False:",
        unseen="who tries again has asked CloudFormation since, and whoever goes on without it looks for the policy",
        held_by="tests/provider/test_undo.py",
    ),
    Mend(
        "a claim without an answer may be ours",
        _OWNER,
        "if failure.doubtful:",
        "if False:",
        unseen="what an overtaken event may have written is let go all the same",
        held_by="tests/provider/test_undo.py",
    ),
    Mend(
        "a text that SES refuses and holds is unchanged",
        _OWNER,
        "if failure.reason not in _REFUSALS_OF_DOCUMENT or not self._is_in_place(wanted, look):",
        "if True:",
    ),
)

_OF_TAKE_OVERS: Final = (
    Mend(
        "CloudFormation is asked before a take-over",
        _OWNER,
        "            self._monitor.ask()\n            self.traces.append(Trace(wanted.target, live.text))\n",
        "            self.traces.append(Trace(wanted.target, live.text))\n",
        unseen="its word is not older than ten seconds before the write as well",
        held_by="tests/provider/test_cells.py",
    ),
    Mend(
        "a second look after a take-over",
        _OWNER,
        "                if take in _TAKE_OVERS and holds:\n                    self._hold(wanted)\n",
    ),
    Mend(
        "the second look comes when every earlier one has expired",
        _FENCE,
        "end = self._clock.now() + HOLD_SECONDS",
        "end = self._clock.now()",
    ),
    Mend(
        "CloudFormation is asked while a take-over waits for its second look",
        _FENCE,
        "            self._clock.sleep(min(rest, WORD_SECONDS))\n            self._monitor.confirm()\n",
        "            self._clock.sleep(min(rest, WORD_SECONDS))\n",
        unseen="what it took back sooner it takes back when it has looked",
        held_by="tests/provider/test_cells.py",
    ),
    Mend(
        "the words of an adopted policy are kept",
        _OWNER,
        "            if oversize(len(text.encode())) is None:\n                return text\n",
    ),
    Mend(
        "the words of an adopted policy are kept in an Update",
        "ses_sending_policy.rules.decisions",
        "return not differences(live, wanted, partition)",
        "return live.elements == LivePolicy(wanted.text(marker.as_adopted())).elements",
    ),
    Mend(
        "the former Id of another delivery's adoption",
        _OWNER,
        '        if first is not None and not self.is_ours(first) and first.with_id("") == live.with_id(""):\n',
        "        if False:\n",
        unseen="the delivery that adopted answers first, and knows it",
        held_by="tests/provider/test_fence.py",
    ),
)

_OF_WORDS: Final = (
    Mend(
        "CloudFormation's word before a write",
        _FENCE,
        "            self._monitor.confirm()\n            if self._clock.now()",
        "            if self._clock.now()",
    ),
    Mend(
        "CloudFormation's word before an Update's claim",
        _OWNER,
        "        self._monitor.confirm_claim()\n",
        unseen="the question after the write takes back what the claim made",
        held_by="tests/provider/test_cells.py",
    ),
    Mend(
        "a server's time is heard",
        _WATCH,
        "if begin < self.begin and served - birth > _AT_ONCE_SECONDS:",
        "if False:",
    ),
    Mend(
        "a clock that is behind is no later birth",
        _WATCH,
        "min(clock.now(), event.birth if event.birth is not None else clock.now())",
        "event.birth if event.birth is not None else clock.now()",
    ),
    Mend(
        "a rollback within five seconds is recognised",
        _WATCH,
        " or self._is_superseded(state):",
        ":",
    ),
    Mend("the status alone tells that an event is past", _WATCH, " or self._is_past(state)"),
    Mend(
        "a refused rollback that has nothing to do answers SUCCESS",
        _LIFECYCLE,
        "if not self._is_rolled_back(wanted, failure):",
        "if True:",
    ),
)

_OF_SECONDS: Final = (
    Mend(
        "the next Update is known in the seconds of this one's birth",
        _WATCH,
        " or self._was_begun(birth, own))",
        ")",
        unseen="chance needs some thousand histories for it",
        held_by="tests/provider/test_questions.py",
    ),
    Mend(
        "what a Delete was sent for in the seconds before is made anew",
        _WATCH,
        "                if each.status in _DELETES:\n                    return False\n",
        unseen="chance needs some thousand histories for it",
        held_by="tests/provider/test_left_and_adopted.py",
    ),
    Mend(
        "the first of two deliveries that adopt answers first",
        _OWNER,
        "elif holds and self._monitor.is_late:",
        "elif False:",
        unseen="chance needs some thousand histories for it",
        held_by="tests/provider/test_left_and_adopted.py",
    ),
)

_OF_RECONCILING: Final = (
    Mend("an overtaken Update is reconciled", _LIFECYCLE, "if not self._fence.wrote:", "if True:"),
    Mend(
        "it asks again after it reconciled",
        _OVERTAKEN,
        "            if self._monitor.state() == state:\n                return []\n",
        "            return []\n",
    ),
    Mend("it reconciles in three rounds", _OVERTAKEN, "_ROUNDS: Final = 3", "_ROUNDS: Final = 1"),
    Mend(
        "it writes only while the resource is in the state that it heard of",
        _OVERTAKEN,
        "            self._monitor.expect(state)\n",
    ),
    Mend(
        "it waits until the resource is complete",
        _OVERTAKEN,
        'if state is None or state.status.endswith("_COMPLETE"):',
        "if True:",
    ),
    Mend(
        "it drops a rename only when the resource is complete",
        _OVERTAKEN,
        'if state is None or state.status.endswith("_COMPLETE"):',
        'if state is None or state.status.endswith("_COMPLETE") or self._owner.traces:',
    ),
    Mend(
        "it waits for nothing where the resource goes",
        _OVERTAKEN,
        "        if gone:\n",
        "        if False:\n",
        unseen="what it drops sooner it drops when the resource is gone",
        held_by="tests/provider/test_overtaken.py",
    ),
    Mend(
        "what another delivery answered for is not put back",
        _OVERTAKEN,
        "            self._forget_answered()\n            left = self._undone()\n",
        "            left = self._undone()\n",
    ),
    Mend(
        "it does not believe a list that is behind",
        _OVERTAKEN,
        "if completed.at < state.updated - STAMP_SECONDS:",
        "if False:",
        unseen="here the list of events and the state of a resource are never of different times",
        held_by="tests/provider/test_reconciled.py",
    ),
    Mend(
        "it does not write what CloudFormation hides",
        _OVERTAKEN,
        " or is_masked(completed.properties):",
        ":",
        unseen="no template here has a parameter with NoEcho",
        held_by="tests/provider/test_reconciled.py",
    ),
)

MENDS: Final = (*_OF_LOOKS, *_OF_TAKE_OVERS, *_OF_WORDS, *_OF_SECONDS, *_OF_RECONCILING, *OF_TEARDOWN)
"""All mends."""
