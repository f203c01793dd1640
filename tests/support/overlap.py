"""Lets others act while an event is being handled."""

from collections.abc import Callable

from tests.support.async_invoker import Answer, AsyncInvoker, Event
from tests.support.cloudformation import Described
from tests.support.stack import Stack


def interrupted(
    invoker: AsyncInvoker,
    event: Event,
    stacks: list[Stack],
    act: Callable[[], object],
    when: Callable[[], bool] = lambda: True,
) -> Answer:
    """Handle an event of the first stack, and let somebody act when it asks CloudFormation; return its answer.

    CloudFormation's reply to that question is from before the act.

    :param when: whether to act at the present question. Default: - at the first one.
    """
    acts, wrong = [act], list[BaseException]()

    def says(logical_id: str) -> Described:
        asked = next((each for each in stacks if logical_id in each.resources), stacks[0])
        described = asked.described(logical_id)
        if acts and when():
            try:
                acts.pop()()
            except BaseException as error:  # noqa: BLE001 - this is a thread of the server, which would swallow it
                wrong.append(error)
        return described

    invoker.voices[stacks[0].id] = says
    answer = invoker.once(event).told
    invoker.voices[stacks[0].id] = stacks[0].described
    for error in wrong:
        raise error
    assert not acts
    assert answer is not None
    return answer
