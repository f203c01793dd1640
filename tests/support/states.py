"""Random states of SES and of two stacks, and random deploys on them. The same number gives the same."""

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

from ses_sending_policy.analysis.findings.at_deploy import AT_DEPLOY
from tests.support.events import statement
from tests.support.forecast_templates import EXPORTS, ORGANIZATION, PRINCIPAL, Template
from tests.support.forecasts import NAMES, Scene, deployable
from tests.support.kept import Properties
from tests.support.random_declarations import NAMES as RESOURCES
from tests.support.random_declarations import PLACES, PRINCIPALS, Declares, policy

_CHOICES: Final[list[Properties]] = [
    {"WhenExists": "ADOPT", "OnDelete": "RELEASE"},
    {"WhenExists": "OVERWRITE"},
    {"OnDelete": "RELEASE"},
    {"ServiceTimeout": "9"},
    {"PolicyName": "partner"},
    {"PolicyName": "other"},
    {"PolicyName": "no name"},
    *6 * [{"Unknown": [PRINCIPAL]}],
    {"Acknowledged": ["SES001"]},
]

# The values of a parameter. The deploy refuses the last two, unless the finding is acknowledged.
_VALUES: Final = [*5 * ["222222222222"], *6 * ["333333333333"], "*", "arn:aws:iam::12345:root"]


class History:
    """What happens before a plan, and what is deployed after it.

    :param number: the seed.
    """

    def __init__(self, number: int) -> None:
        self._random = Random(number)
        self.told: list[str] = []
        """What happened, a line each."""

    def before(self, made: Scene) -> None:
        """Let up to seven things happen."""
        for name in NAMES:
            made.stack(name).retained = self._random.choice([frozenset(), frozenset(), frozenset({"B"})])
            made.defaults[name] = self._random.choice(_VALUES)
            made.secret |= {name} if self._random.random() < 0.3 else set()
        kinds: list[Callable[[Scene], str]] = [
            *3 * [self._deploy],
            *3 * [self._change],
            *3 * [self._hand],
            *(self._fill, self._identity, self._end, self._redefine),
        ]
        for act in self._random.choices(kinds, k=self._random.randint(0, 7)):
            self.told.append(act(made))

    def after(self, made: Scene) -> dict[str, Template]:
        """Return the templates to deploy, by stack."""
        if self._random.random() < 0.5:
            self.told.append(self._redefine(made))
        stacks = [name for name in NAMES if deployable(made.stack(name))]
        chosen = self._random.sample(stacks, self._random.randint(1, len(stacks))) if stacks else []
        return {name: self._changed(made, name, self._random.randint(0, 3)) for name in chosen}

    def _properties(self) -> Properties:
        draw = self._random
        when = draw.choice(["FAIL", "FAIL", "ADOPT", "OVERWRITE"])
        # The last one is invalid.
        on_delete = draw.choice([*7 * ["DELETE"], *7 * ["RELEASE"], "KEEP"])
        declared = Declares(draw.choice(PLACES), draw.choice(PRINCIPALS), when, on_delete).properties
        if draw.random() < 0.02:
            declared["Policy"]["Statement"][0]["Sid"] = 4000 * "x"
        return declared | self._unknown(declared)

    def _unknown(self, declared: Properties) -> Properties:
        """Put a value into the document that only the deploy knows, or none; return the properties that say so."""
        draw, kind = self._random, self._random.random()
        statement = declared["Policy"]["Statement"][0]
        said: Properties = {}
        if kind < 0.12:
            value = draw.choice([*EXPORTS.values(), "222222222222", "333333333333"])
            statement["Principal"]["AWS"] = "222222222222" if value.startswith("o-") else value
            said = {"Hidden": PRINCIPAL, "Unknown": [PRINCIPAL]}
        elif kind < 0.5:
            said = {"Given": PRINCIPAL, "Unknown": [PRINCIPAL]}
        elif kind < 0.57:
            statement["Principal"]["AWS"] = "*"
            statement["Condition"] = {"StringEquals": {"aws:PrincipalOrgID": draw.choice(["o-a1b2c3d4e5", "*"])}}
            said = {"Hidden": ORGANIZATION, "Unknown": [ORGANIZATION]}
        elif kind < 0.7:
            statement["Principal"]["AWS"] = "*"
        # A policy of an earlier release may have no rules for the deploy; SES itself refuses an account that does not
        # exist.
        if "Hidden" not in said or "12345" in json.dumps(statement):
            acknowledged = ["SES001"]
        else:
            acknowledged = draw.choice([["SES001"], sorted(AT_DEPLOY)])
            said = {name: value for name, value in said.items() if name != "Unknown" or draw.random() < 0.7}
        return said | ({"Acknowledged": acknowledged} if "Unknown" in said and draw.random() < 0.3 else {})

    def _changed(self, made: Scene, name: str, times: int) -> dict[str, Properties]:
        template = {each: kept.properties for each, kept in made.stack(name).resources.items()}
        for _ in range(times):
            resource, kind = self._random.choice(RESOURCES), self._random.random()
            if kind < 0.2:
                template.pop(resource, None)
            elif kind < 0.5 or resource not in template:
                template[resource] = self._properties()
            elif kind < 0.7:
                text = json.dumps(template[resource]["Policy"])
                old, new = self._random.sample(["222222222222", "333333333333"], 2)
                template[resource] = template[resource] | {"Policy": json.loads(text.replace(old, new))}
            else:
                template[resource] = template[resource] | self._random.choice(_CHOICES)
        return template

    def _deploy(self, made: Scene) -> str:
        return self._deployed(made, {each: self._properties() for each in RESOURCES[: self._random.randint(1, 2)]})

    def _change(self, made: Scene) -> str:
        return self._deployed(made, None)

    def _deployed(self, made: Scene, template: dict[str, Properties] | None) -> str:
        name = self._random.choice(NAMES)
        if not deployable(made.stack(name)):
            return f"{name} cannot be deployed"
        template = template or self._changed(made, name, self._random.randint(1, 2))
        given = self._random.choice(_VALUES) if self._random.random() < 0.3 else ""
        return f"{name} {made.deploy(name, template, given=given)} {given}: {template}"

    def _redefine(self, made: Scene) -> str:
        """Change the default of a parameter, which counts only for a stack that does not exist yet."""
        name = self._random.choice(NAMES)
        made.defaults[name] = self._random.choice(_VALUES)
        return f"{name} has the default {made.defaults[name]}"

    def _end(self, made: Scene) -> str:
        name = self._random.choice(NAMES)
        if not deployable(made.stack(name)) or not made.stack(name).status:
            return f"{name} is not there"
        return f"{name} {made.stack(name).delete()}"

    def _hand(self, made: Scene) -> str:
        """Write or delete a policy by hand. What is written has its former `Id`, no `Id`, or a person's own."""
        identity, name = self._random.choice(PLACES)
        if identity not in made.identities:
            return f"{identity} is not there"
        live = made.policies().get((identity, name))
        if live and self._random.random() < 0.3:
            made.delete(identity, name)
            return f"{name} on {identity} is deleted by hand"
        ids = ["", "mail team, 2021", json.loads(live).get("Id", "") if live else ""]
        id_: Any = self._random.choice(ids)
        principal = self._random.choice([*PRINCIPALS, "*"])
        text = json.dumps(({"Id": id_} if id_ else {}) | policy(principal, identity))
        made.put(identity, name, text)
        return f"{name} on {identity} is written by hand: {text}"

    def _fill(self, made: Scene) -> str:
        identity, count = self._random.choice(PLACES)[0], self._random.randint(18, 20)
        there = [name for own, name in made.policies() if own == identity]
        if identity in made.identities:
            for number in range(count - len(there)):
                made.put(identity, f"filler{number}", json.dumps({"Statement": [statement(identity=identity)]}))
        return f"{identity} has {count} policies"

    def _identity(self, made: Scene) -> str:
        made.remove("other.example")
        return "other.example is gone"
