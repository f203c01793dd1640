"""Whether two stacks are in the same account and region: said only if it is known, either way."""

from pathlib import Path
from typing import Any

import pytest

from tests.review.conftest import sending_policy
from tests.review.diffed import ANYWHERE, DENIAL, HERE, LESS, PARTNER, THERE, diff, one, policy, stacks, told, written
from tests.review.templates import write

WIDE, NARROW = one(P=policy()), one(P=policy(LESS))
UNKNOWN = {"Ref": "Domain"}
SENDER = PARTNER | {"Principal": {"AWS": {"Fn::GetAtt": ["Sender", "Arn"]}}}
NAMED = PARTNER | {"Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::333333333333:role/Sender"}}}
NEWS = {"Condition": LESS["Condition"]}
BOTH = stacks(dev=WIDE, prod=NARROW)
NEW = {"broadened", "changed"}


def of(identity: Any, *statements: Any, **more: Any) -> dict[str, Any]:
    return one(P=policy(*statements, identity=identity, **more))


def nested(within: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a template with a nested stack, whose file `with_nested` writes."""
    return one(
        Inner={"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "s3://b/abc.json"}}, **more
    ) | {"nested": within}


def with_nested(folder: Path, side: dict[str, Any]) -> dict[str, Any]:
    """Write the files of nested stacks next to those of the side."""
    for name, (_, each) in side["assembly"].items():
        if "nested" in each:
            write(folder / f"{name}.nested.template.json", each.pop("nested"))
            source = {"source": {"path": f"{name}.nested.template.json"}}
            write(folder / f"{name}.assets.json", {"files": {"abc": source}})
    return side


# Each is before, after, and the verdicts that are right.
CASES: dict[str, tuple[Any, Any, set[str]]] = {
    "production gets what development has": (BOTH, stacks(dev=WIDE, prod=WIDE), NEW),
    "production gets a policy": (stacks(dev=WIDE, prod=one()), stacks(dev=WIDE, prod=WIDE), NEW),
    "a stack that is new gets what another has": (stacks(dev=WIDE), stacks(dev=WIDE, prod=WIDE), NEW),
    "known to be in another account": (
        {"assembly": {"dev": (HERE, WIDE)}},
        {"assembly": {"dev": (HERE, WIDE), "prod": (THERE, WIDE)}},
        {"broadened"},
    ),
    "known to be in one account": (
        {"assembly": {"dev": (HERE, WIDE)}},
        {"assembly": {"dev": (HERE, WIDE), "prod": (HERE, one(Q=policy(name="second")))}},
        {"unchanged"},
    ),
    "one account is known, the other is not": (
        {"assembly": {"dev": (HERE, WIDE)}},
        {"assembly": {"dev": (HERE, WIDE), "prod": (ANYWHERE, WIDE)}},
        {"changed"},
    ),
    "the region alone is not known": (
        {"assembly": {"dev": (HERE, WIDE)}},
        {"assembly": {"dev": (HERE, WIDE), "prod": ("aws://111111111111/unknown-region", WIDE)}},
        {"changed"},
    ),
    "regions are known, and others": (
        {"assembly": {"dev": ("aws://unknown-account/eu-west-1", WIDE)}},
        {
            "assembly": {
                "dev": ("aws://unknown-account/eu-west-1", WIDE),
                "prod": ("aws://unknown-account/us-east-1", WIDE),
            }
        },
        {"broadened"},
    ),
    "a denial that another stack keeps": (
        stacks(dev=one(D=policy(DENIAL)), prod=one(P=policy(), D=policy(DENIAL, name="denial"))),
        stacks(dev=one(D=policy(DENIAL)), prod=WIDE),
        NEW,
    ),
    "the same stack": (stacks(prod=WIDE), stacks(prod=WIDE), {"unchanged"}),
    "the same stack gets an environment": (stacks(prod=WIDE), stacks(HERE, prod=WIDE), {"unchanged"}),
    "the same name in another account": (stacks(HERE, prod=WIDE), stacks(THERE, prod=WIDE), {"broadened"}),
    "less in the same stack": (stacks(prod=WIDE), stacks(prod=NARROW), {"narrowed"}),
    "less in one of two": (stacks(dev=WIDE, prod=WIDE), stacks(dev=WIDE, prod=NARROW), {"narrowed"}),
    "more in the same stack": (stacks(prod=NARROW), stacks(prod=WIDE), {"broadened"}),
    "an identity that is called the same in another stack": (
        stacks(HERE, dev=of(UNKNOWN), prod=of(UNKNOWN, LESS)),
        stacks(HERE, dev=of(UNKNOWN), prod=of(UNKNOWN)),
        NEW,
    ),
    "an identity that is called the same in the same stack": (
        stacks(dev=of(UNKNOWN)),
        stacks(dev=of(UNKNOWN)),
        {"unchanged"},
    ),
    "an identity that may be another's": (
        stacks(HERE, dev=of(UNKNOWN)),
        stacks(HERE, dev=one(P=policy(identity=UNKNOWN), Q=policy())),
        NEW,
    ),
    "a role that is called the same in another stack": (
        stacks(HERE, dev=one(P=policy(SENDER)), prod=one(P=policy(SENDER | NEWS, name="second"))),
        stacks(HERE, dev=one(P=policy(SENDER)), prod=one(P=policy(SENDER, name="second"))),
        NEW,
    ),
    "a role of the partition that both stacks are in": (
        stacks(HERE, dev=one(P=policy(NAMED)), prod=one(P=policy(NAMED | NEWS, name="second"))),
        stacks(HERE, dev=one(P=policy(NAMED)), prod=one(P=policy(NAMED, name="second"))),
        {"unchanged"},
    ),
    "a condition that is called the same in another stack": (
        stacks(HERE, dev=one(P=policy(Condition="Is")), prod=one(P=policy(LESS, name="second", Condition="Is"))),
        stacks(HERE, dev=one(P=policy(Condition="Is")), prod=one(P=policy(name="second", Condition="Is"))),
        NEW,
    ),
    "a condition of the same stack": (
        stacks(HERE, dev=one(P=policy(Condition="Is"), Q=policy(LESS, name="second", Condition="Is"))),
        stacks(HERE, dev=one(P=policy(Condition="Is"), Q=policy(name="second", Condition="Is"))),
        {"unchanged"},
    ),
    "two template files": (WIDE, WIDE, {"unchanged"}),
    "two template files, and less": (WIDE, NARROW, {"narrowed"}),
    "two template files of an unknown identity": (of(UNKNOWN), of(UNKNOWN), {"unchanged"}),
    "a template file and an assembly": (WIDE, stacks(prod=WIDE), {"changed"}),
    "an assembly and a template file": (stacks(prod=WIDE), WIDE, {"changed"}),
    "an address that may fall back to a domain of another stack": (
        stacks(dev=of("a@example.com", LESS), prod=WIDE),
        stacks(dev=one(), prod=WIDE),
        NEW,
    ),
    "an address that may fall back to no more": (
        stacks(dev=of("a@example.com"), prod=WIDE),
        stacks(dev=one(), prod=WIDE),
        {"narrowed"},
    ),
    "an address that only the deploy knows may fall back to a domain": (
        stacks(dev=one(P=policy(LESS, identity=UNKNOWN), Q=policy())),
        stacks(dev=one(Q=policy())),
        NEW,
    ),
    "an address that falls back to a domain elsewhere": (
        {"assembly": {"dev": (HERE, of("a@example.com", LESS)), "prod": (THERE, WIDE)}},
        {"assembly": {"dev": (HERE, one()), "prod": (THERE, WIDE)}},
        {"narrowed"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_of_places(tmp_path: Path, name: str) -> None:
    before, after, verdicts = CASES[name]
    assert told(tmp_path, before, after)["verdict"] in verdicts


NESTED: dict[str, tuple[Any, Any, set[str]]] = {
    "the same": (nested(WIDE), nested(WIDE), {"unchanged"}),
    "moved from the root": (WIDE, nested(WIDE), {"unchanged"}),
    "moved to the root": (nested(WIDE), WIDE, {"unchanged"}),
    "an identity that is called the same outside": (
        nested(one(), P=policy(identity=UNKNOWN)),
        nested(of(UNKNOWN, name="second"), P=policy(identity=UNKNOWN)),
        NEW,
    ),
    "less": (nested(WIDE), nested(NARROW), {"narrowed"}),
}


@pytest.mark.parametrize("name", NESTED)
def test_a_nested_stack_is_where_its_root_is(tmp_path: Path, name: str) -> None:
    before, after, verdicts = NESTED[name]
    old = with_nested(tmp_path / "before", stacks(Mail=dict(before)))
    new = with_nested(tmp_path / "after", stacks(Mail=dict(after)))
    assert told(tmp_path, old, new)["verdict"] in verdicts


def test_a_file_without_a_stack_s_name_is_said_to_be_so(tmp_path: Path) -> None:
    [stays] = told(tmp_path, WIDE, stacks(prod=one()))["stays"]
    assert stays["reason"] == "a template's file has no stack's name, and its stack may be any"


def test_two_policies_of_one_name_meet_in_a_nested_stack_and_its_root(tmp_path: Path) -> None:
    side = with_nested(tmp_path / "cdk.out", stacks(Mail=nested(NARROW, P=policy(LESS)), Other=NARROW))
    written(tmp_path / "cdk.out", side)
    said = sending_policy("check", folder=tmp_path).stdout
    assert said.count("SES009") == 1
    assert "is also that of Mail/P" in " ".join(said.split())


def test_a_change_says_which_stack_it_is_in(tmp_path: Path) -> None:
    done = diff(tmp_path, BOTH, stacks(dev=WIDE, prod=WIDE))
    assert done.stdout.startswith("example.com in stack prod\n  changed: grant widened, or there already\n")


def test_explain_has_a_nested_stack_under_its_root(tmp_path: Path) -> None:
    side = stacks(Mail=nested(one(Q=policy(name="second")), P=policy()), Mail_2=WIDE)
    written(tmp_path / "cdk.out", with_nested(tmp_path / "cdk.out", side))
    said = sending_policy("explain", folder=tmp_path).stdout
    assert [line for line in said.splitlines() if not line.startswith(" ") and line] == [
        "example.com in stack Mail",
        "example.com in stack Mail-2",
    ]


# --pair

PR = stacks(main_mail=WIDE, main_news=one(P=policy(identity="news.example.com")))


def pr(number: int, *, news: bool = True) -> dict[str, Any]:
    more = {f"pr_{number}_news": one(P=policy(identity="news.example.com"))} if news else {}
    return stacks(ANYWHERE, **{f"pr_{number}_mail": WIDE}, **more)


@pytest.mark.parametrize(
    ("before", "after", "pairs", "verdict"),
    [
        (PR, pr(7), ["main-*=pr-7-*"], "unchanged"),
        (PR, pr(7), ["main-mail=pr-*-mail", "main-news=pr-*-news"], "unchanged"),
        (pr(7), PR, ["pr-*-mail=main-mail", "pr-*-news=main-news"], "unchanged"),
        (PR, pr(7), ["main-mail=pr-7-mail"], "changed"),
        (PR, pr(7), [], "changed"),
        (stacks(HERE, main=WIDE), stacks(THERE, pr=WIDE), ["main=pr"], "unchanged"),
        (stacks(HERE, main=WIDE), stacks(THERE, pr=NARROW), ["main=pr"], "narrowed"),
        (stacks(main=NARROW), stacks(pr=WIDE), ["main=pr"], "broadened"),
        # Two paired stacks are the same stack; another stack with the same name is not.
        (stacks(main=WIDE), stacks(pr=WIDE, main=WIDE), ["main=pr"], "changed"),
    ],
)
def test_what_is_paired_is_one_stack(tmp_path: Path, before: Any, after: Any, pairs: list[str], verdict: str) -> None:
    options = [f"--pair={pair}" for pair in pairs]
    assert told(tmp_path, before, after, *options)["verdict"] == verdict


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        ("main", "is no pair: give OLD=NEW"),
        ("=pr-7-mail", "is no pair: give OLD=NEW"),
        ("a=b=c", "is no pair: give OLD=NEW"),
        ("main-*=pr-*-*", "has 1 '*' for OLD and 2 for NEW"),
        ("main-post=pr-7-mail", "names no stack of OLD, which has main-mail, main-news"),
        ("main-mail=pr-8-mail", "names no stack of NEW, which has pr-7-mail, pr-7-news"),
        ("main-*=pr-7-mail", "pairs main-mail, main-news with pr-7-mail"),
        ("main-mail=pr-7-*", "pairs main-mail with pr-7-mail, pr-7-news"),
        ("main-*l=pr-7-n*", "pairs no stack of OLD with one of NEW"),
    ],
)
def test_a_bad_pair_gets_one_sentence(tmp_path: Path, pair: str, says: str) -> None:
    done = diff(tmp_path, PR, pr(7), f"--pair={pair}")
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert repr(pair) in line
    assert says in line


def test_two_pairs_of_one_stack_are_refused(tmp_path: Path) -> None:
    done = diff(tmp_path, PR, pr(7), "--pair=main-mail=pr-7-mail", "--pair=main-news=pr-7-mail")
    assert (done.returncode, done.stdout) == (2, "")
    assert "pairs main-mail, main-news with pr-7-mail" in done.stderr


def test_two_template_files_need_no_pair(tmp_path: Path) -> None:
    done = diff(tmp_path, WIDE, WIDE, "--pair=main=pr")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "a template's file has no stack's name" in done.stderr


def test_a_stack_s_name_may_be_that_of_two_stages(tmp_path: Path) -> None:
    """Two stages may give their stacks the same name, and be deployed to two accounts that nobody knows yet."""
    before, after = ({"assembly": {"dev": (ANYWHERE, WIDE), "prod": (ANYWHERE, each)}} for each in (NARROW, WIDE))
    folders = []
    for name, side in (("before", before), ("after", after)):
        artifacts = {
            stage: {
                "type": "aws:cloudformation:stack",
                "environment": ANYWHERE,
                "properties": {"templateFile": f"{stage}.template.json", "stackName": "Mail"},
                "displayName": f"{stage}/Mail",
            }
            for stage in side["assembly"]
        }
        for stage, (_, each) in side["assembly"].items():
            write(tmp_path / name / f"{stage}.template.json", each)
        write(tmp_path / name / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
        folders.append(str(tmp_path / name))
    assert sending_policy("diff", *folders, folder=tmp_path).returncode == 1
    assert sending_policy("diff", folders[0], folders[0], "--fail-on=any", folder=tmp_path).returncode == 0
