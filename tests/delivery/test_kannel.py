"""The whole program behind a real Kannel, configured by the very lines that the program gives its operator.

`python -m tests.delivery.test_kannel` has the conversation of README.md with the program of now, and writes it there:
read it before you commit it.
"""

import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import cycle
from pathlib import Path

import pytest

from bot.channels.sms.text import encode_choice, segments
from bot.messages import SMS, Delivery
from tests.delivery.kannel import SERVICE, behind_kannel
from tests.delivery.program import Program
from tests.sms.kannel_server import KannelServer, Network, Sms, person, wait_until
from tests.test_conversations import FILES, play, read

pytestmark = pytest.mark.xdist_group("kannel")

PATIENCE_S = 60
LONGEST = 160
"""Letters of a message in the dialogues of many people at once."""

README = Path(__file__).resolve().parents[2] / "README.md"
BLOCK = re.compile(r"^```sms\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SAID = re.compile(r"^> (.*)\n", re.MULTILINE)

Dialogue = tuple[str, ...]


@cache
def answers(dialogue: Dialogue) -> list[list[str]]:
    """Return what the conversation itself answers to each message, as a phone shows it."""
    played = play({"channel": SMS, "turns": [{"user": text} for text in dialogue]})
    return [[encode_choice(text).text for text in turn["bot"]] for turn in played]


class Crowd:
    """People who each go through a dialogue: the next message once all the answers to the one before are there."""

    def __init__(self, network: Network, dialogues: Mapping[str, Dialogue]) -> None:
        self._network = network
        self._dialogues = dialogues
        self._said = dict.fromkeys(dialogues, 0)

    def say_next(self, people: Iterable[str] | None = None) -> None:
        """Let these people, or all of them, write their next message."""
        for phone in list(self._dialogues if people is None else people):
            self._network.inject([Sms(phone, SERVICE, self._dialogues[phone][self._said[phone]])])
            self._said[phone] += 1

    def talk(self, messages: int | None = None) -> None:
        """Go on until everybody has said so many messages, all of them without a number, and is answered."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            got = self.received()
            answered = [phone for phone in self._dialogues if len(got[phone]) >= len(self._due(phone))]
            ready = [phone for phone in answered if self._said[phone] < len(self._dialogues[phone][:messages])]
            if not ready and len(answered) == len(self._dialogues):
                return
            assert time.monotonic() < deadline, f"{len(self._dialogues) - len(answered)} phones wait for an answer"
            self.say_next(ready)
            time.sleep(0.05)

    def received(self) -> Mapping[str, list[str]]:
        """Return what each phone has got, in order."""
        got: dict[str, list[str]] = defaultdict(list)
        for sms in self._network.received():
            got[sms.receiver].append(sms.text)
        return got

    def check(self) -> None:
        """See that each phone has got its answers: all, in order, none twice."""
        got, people = self.received(), self._dialogues
        assert {phone: got[phone] for phone in people} == {phone: self._due(phone) for phone in people}

    def _due(self, phone: str) -> list[str]:
        dialogue = self._dialogues[phone]
        return [text for turn in answers(dialogue)[: self._said[phone]] for text in turn]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[KannelServer, Program]]:
    with behind_kannel(tmp_path_factory.mktemp("kannel")) as both:
        yield both


@pytest.fixture
def kannel(both: tuple[KannelServer, Program]) -> KannelServer:
    return both[0]


@pytest.fixture
def program(both: tuple[KannelServer, Program]) -> Program:
    return both[1]


def wait_for_reports(program: Program) -> None:
    """Wait until Kannel has said of every message that its phone has it."""
    wait_until(lambda: set(program.states()) == {Delivery.DELIVERED}, lambda: f"{program.states()}", PATIENCE_S)


def test_a_conversation(kannel: KannelServer, program: Program) -> None:
    """In the phones' alphabet and outside it, there and back; the reports of Kannel lift each answer."""
    phone = person(0)
    said = ("jai plus mes droits caf je sui a mauleon", "ça ne marche pas, même ici 😀 mon cœur lâche", "menu")
    crowd = Crowd(kannel.network, {phone: said})
    crowd.talk()
    wait_for_reports(program)
    crowd.check()
    received = crowd.received()[phone]
    assert max(map(segments, received)) <= 2
    assert program.states() == {Delivery.DELIVERED: len(received)}


def test_a_message_that_nobody_asked_for(kannel: KannelServer, program: Program) -> None:
    phone, text = person(1), "Rappel : votre rendez-vous est demain à 9h, à la médiathèque."
    program.push(SMS, "kannel", [(phone, text)])
    wait_for_reports(program)
    assert [sms.text for sms in kannel.network.received(phone)] == [text]


def test_what_goes_down_and_comes_back_loses_nothing_and_says_nothing_twice(
    kannel: KannelServer, program: Program
) -> None:
    """The program dies once Kannel took an answer, before it is written that it did; then smsbox dies.

    Kannel tells again what the program did not hear: messages, and the report of that answer.
    """
    alone, *people = (person(number) for number in range(10, 31))
    said = ("bonjour", "imprimer un papier", "à Pau", "menu")
    crowd = Crowd(kannel.network, dict.fromkeys([alone, *people], said))
    program.kill()
    program.start(kill_at="outbox.sent")
    crowd.say_next([alone])
    program.wait_for_death()
    crowd.say_next(people)
    wait_until(lambda: kannel.log("smsbox").count("Couldn't fetch") > len(people), "Kannel called nobody")
    program.start()
    crowd.talk(messages=3)
    wait_for_reports(program)  # those that smsbox has in hand die with it: Kannel takes them for told

    kannel.stop_smsbox()
    late, text = person(31), "Ce message attend que la passerelle revienne."
    program.push(SMS, "kannel", [(late, text)])
    wait_until(lambda: program.states()[Delivery.TEMPORARY_FAILURE], "nothing was tried")
    crowd.say_next(people)
    kannel.start_smsbox()
    crowd.talk()
    wait_for_reports(program)
    crowd.check()
    assert [sms.text for sms in kannel.network.received(late)] == [text]


def test_five_hundred_conversations_at_once(kannel: KannelServer, program: Program) -> None:
    """The dialogues that are compared word for word, each by some ten people."""
    cases = [read(path) for path in FILES]
    dialogues = [tuple(turn["user"] for turn in case["turns"]) for case in cases if "now" not in case]
    spoken = [
        dialogue
        for dialogue in dialogues
        if all(0 < len(text.strip()) <= LONGEST for text in dialogue) and all(answers(dialogue))
    ]
    assert len(spoken) >= 50
    crowd = Crowd(kannel.network, dict(zip(map(person, range(1000, 1500)), cycle(spoken))))
    crowd.talk()
    wait_for_reports(program)
    crowd.check()


def test_what_the_readme_shows_really_happened(kannel: KannelServer) -> None:
    (shown,) = BLOCK.findall(README.read_text(encoding="utf-8"))
    assert converse(kannel, SAID.findall(shown), person(2)) == shown


def converse(kannel: KannelServer, said: list[str], phone: str) -> str:
    """Return a conversation as its phone shows it: "> " before what is written, a blank line after each answer."""
    crowd, lines, read_so_far = Crowd(kannel.network, {phone: tuple(said)}), [], 0
    for number, text in enumerate(said, start=1):
        crowd.talk(messages=number)
        received = crowd.received()[phone]
        lines += [f"> {text}", *(f"{answer}\n" for answer in received[read_so_far:])]
        read_so_far = len(received)
    return "\n".join(lines)


def record() -> None:
    """Write the conversation as it is now into README.md."""
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, behind_kannel(Path(folder)) as (kannel, _):
        shown = BLOCK.sub(lambda block: f"```sms\n{converse(kannel, SAID.findall(block[1]), person(2))}```", text)
    README.write_text(shown, encoding="utf-8")


if __name__ == "__main__":
    record()
