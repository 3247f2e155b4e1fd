"""Whether chat kept its promises: what was acked, what is stored and what everybody saw, compared."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .counts import Counts
from .ledger import Entry, Ledger
from .reader import Reader
from .sender import Attempt, Operation, Sender

Key = tuple[str, str, str]
NOWHERE: Key = ("", "", "")
#: What a server says that is starting or waits for its database; and, to a reaction, that the message was deleted.
EXPECTED_CODES = {
    "acks": {"overloaded", "conflict"},
    "connections": {"overloaded", "disabled"},
    "closed": {"overloaded", "disabled"},
}
#: Within which readers on all workers must have everything, once nothing is in the way any more.
REPAIR_SECONDS = 10.0
Outages = Sequence[tuple[float, float]]


@dataclass
class Verdict:
    """Lines for people; each list is to be empty."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    """Anything else that must not be."""
    displaced: int = 0
    """Messages that stand after ones their author sent later, since the server had refused them at first."""

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.wrong)

    def __str__(self) -> str:
        lines = []
        for name in ("lost", "doubled", "disordered", "wrong"):
            found: list[str] = getattr(self, name)
            lines += [f"{len(found)} {name}", *(f"  {line}" for line in found[:20])]
        return "\n".join(lines)


def judge(
    senders: Sequence[Sender],
    readers: Sequence[Reader],
    held: Mapping[str, Sequence[Entry]],
    ledger: Ledger,
    outages: Outages,
    counts: Counts,
) -> Verdict:
    """
    :param held: what everybody who reads has in the end, by name.
    """
    verdict = Verdict()
    for what, codes in (("acks", counts.refused), ("connections", counts.not_let_in), ("closed", counts.closed)):
        verdict.wrong += [f"{what} had the code {code}" for code in codes if code not in EXPECTED_CODES[what]]
    if counts.unanswered:
        verdict.wrong.append(f"{counts.unanswered} acks never came on connections that stood")
    if counts.repair_seconds > REPAIR_SECONDS:
        verdict.wrong.append(f"all had everything only {counts.repair_seconds:.1f} s after the last fault")
    stored = {one.key: one for one in ledger.entries}
    _check_once(verdict, "the database", ledger.entries)
    by_id = _check_sent(verdict, senders, stored)
    _check_changes(verdict, senders, stored, by_id)
    _check_order(verdict, senders, outages)
    seen: dict[tuple[str, int], set[tuple[str, str]]] = defaultdict(set)
    for reader in readers:
        _check_reader(verdict, reader, ledger.heads)
        for place, said in reader.sightings.items():
            seen[place] |= said
    for name, entries in held.items():
        _check_once(verdict, name, entries)
        missing, surplus = set(ledger.entries) - set(entries), set(entries) - set(ledger.entries)
        verdict.lost += [f"{name} does not have {one}" for one in missing]
        verdict.wrong += [f"{name} has {one}" for one in surplus]
    _check_sightings(verdict, seen, stored, by_id)
    _check_numbers(verdict, ledger, [one for sender in senders for one in sender.operations], set(seen))
    return verdict


def _check_once(verdict: Verdict, where: str, entries: Sequence[Entry]) -> None:
    counts = Counter(one.key for one in entries)
    verdict.doubled += [f"{key} is {count} times in {where}" for key, count in counts.items() if count > 1]


def _check_sent(verdict: Verdict, senders: Sequence[Sender], stored: Mapping[Key, Entry]) -> dict[str, Key]:
    """Every message that was acked is there under the number that was acked, and no others. Their keys by id."""
    keys: dict[str, Key] = {}
    for sender in senders:
        for operation in sender.operations:
            if operation.event != "message.send":
                continue
            key = operation.payload["room_id"], sender.account.username, operation.payload["client_id"]
            if operation.ack is None:
                verdict.wrong.append(f"{key} was refused for good: {operation.error}")
                continue
            message = operation.ack["message"]
            keys[message["id"]] = key
            if key not in stored:
                verdict.lost.append(f"{key}, acked as {message['seq']}, is not in the database")
            elif stored[key].seq != message["seq"]:
                verdict.wrong.append(f"{key} was acked as {message['seq']} and is stored as {stored[key].seq}")
    unsent = stored.keys() - set(keys.values())
    verdict.wrong += [f"{key} is stored, and nobody was acked it" for key in unsent]
    return keys


def _check_changes(
    verdict: Verdict, senders: Sequence[Sender], stored: Mapping[Key, Entry], by_id: Mapping[str, Key]
) -> None:
    """Only its author edits or deletes a message, one at a time; a reaction is its user's: the last one is what is."""
    texts: dict[Key, str] = {}
    edited: set[Key] = set()
    deleted: set[Key] = set()
    reactions: dict[Key, dict[tuple[str, str], bool]] = defaultdict(dict)
    for sender in senders:
        for operation in sender.operations:
            payload = operation.payload
            if operation.event == "message.send":
                texts[payload["room_id"], sender.account.username, payload["client_id"]] = payload["text"]
                continue
            key = by_id.get(payload["message_id"], NOWHERE)
            if operation.ack is None:
                one = stored.get(key)
                gone = operation.event == "message.react" and operation.error == "conflict" and one and one.deleted
                verdict.wrong += [] if gone else [f"{operation.event} of {key} was refused: {operation.error}"]
            elif operation.event == "message.edit":
                texts[key] = payload["text"]
                edited.add(key)
            elif operation.event == "message.delete":
                deleted.add(key)
            else:
                reactions[key][payload["emoji"], sender.account.username] = payload["on"]
    for key, one in stored.items():
        on = frozenset(who for who, is_on in reactions[key].items() if is_on)
        text = "" if key in deleted else texts.get(key, "")
        wanted = text, key in edited, key in deleted, frozenset() if key in deleted else on
        if wanted != (one.text, one.edited, one.deleted, one.reactions):
            verdict.lost.append(f"acked changes of {key}: {wanted} should be, is {one}")


def _check_order(verdict: Verdict, senders: Sequence[Sender], outages: Outages) -> None:
    """A sender's messages stand in the order of sending, except what the server refused at first."""
    for sender in senders:
        later: dict[str, int] = {}
        for operation in reversed(sender.operations):
            if operation.event != "message.send" or operation.ack is None:
                continue
            room, seq = operation.payload["room_id"], operation.ack["message"]["seq"]
            if seq > later.get(room, seq):
                if any(_maybe_refused(attempt, outages) for attempt in operation.attempts):
                    verdict.displaced += 1
                else:
                    number = f"{operation.payload['client_id']}, number {seq},"
                    verdict.disordered.append(f"{number} was sent before number {later[room]}")
            later[room] = min(seq, later.get(room, seq))


def _maybe_refused(attempt: Attempt, outages: Outages) -> bool:
    """It was, or the answer was lost and the database was away while it was under way."""
    if attempt.outcome == "refused":
        return True
    return attempt.outcome == "unknown" and any(attempt.began < end and begin < attempt.ended for begin, end in outages)


def _check_reader(verdict: Verdict, reader: Reader, heads: Mapping[str, int]) -> None:
    name = reader.account.username
    for room, replica in reader.replicas.items():
        verdict.wrong += [f"{name}: {fault}" for fault in replica.faults]
        verdict.doubled += [
            f"{name} saw {who} come {count} times" for who, count in replica.created.items() if count > 1
        ]
        if any(after <= before for before, after in zip(replica.order, replica.order[1:], strict=False)):
            verdict.disordered.append(f"{name} applied changes of {room} out of order")
        if replica.applied != heads[room]:
            verdict.lost.append(f"{name} stands at {replica.applied} in {room}, the newest change is {heads[room]}")


def _check_sightings(
    verdict: Verdict,
    seen: Mapping[tuple[str, int], set[tuple[str, str]]],
    stored: Mapping[Key, Entry],
    by_id: Mapping[str, Key],
) -> None:
    """What was told was stored, and under each number everybody was told the same."""
    for (room, seq), said in seen.items():
        if len(said) > 1:
            verdict.disordered.append(f"number {seq} of {room} was told as all of {said}")
        for message_id, client_id in said:
            one = stored.get(by_id.get(message_id, NOWHERE))
            if one is None or (one.room, one.client_id) != (room, client_id) or not one.seq <= seq <= one.changed_seq:
                verdict.wrong.append(f"number {seq} of {room} was told as {client_id}, stored is {one}")


def _check_numbers(
    verdict: Verdict, ledger: Ledger, operations: Sequence[Operation], seen: set[tuple[str, int]]
) -> None:
    """No holes. A change that a later one has replaced is in no table; it was acked, seen, or its answer was lost."""
    acked = [operation.ack["message"] for operation in operations if operation.ack is not None]
    lost_answers = sum(
        attempt.outcome == "unknown"
        for operation in operations
        if operation.event != "message.send"
        for attempt in operation.attempts
    )
    unexplained = 0
    for room, head in ledger.heads.items():
        entries = [one for one in ledger.entries if one.room == room]
        newest = [one.changed_seq for one in entries]
        if len(set(newest)) != len(newest) or len({one.seq for one in entries}) != len(entries):
            verdict.disordered.append(f"a number was given twice in {room}")
        taken = {one.seq for one in entries} | set(newest)
        if taken and (max(taken) != head or min(taken) < 1):
            verdict.wrong.append(f"the newest change of {room} is {max(taken)}, its counter says {head}")
        taken |= {message["changed_seq"] for message in acked if message["room_id"] == room}
        taken |= {seq for place, seq in seen if place == room}
        unexplained += len(set(range(1, head + 1)) - taken)
    if unexplained > lost_answers:
        verdict.wrong.append(f"{unexplained} numbers are nowhere, and only {lost_answers} answers were lost")
