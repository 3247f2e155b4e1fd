"""What senders send: messages; those who send one thing at a time also change what they and others wrote."""

from __future__ import annotations

from .sender import Operation, Sender

#: Most goes to one room, where a reader who stays away for some seconds misses more than `sync` replays.
ROOM_WEIGHTS = (4, 1)
EMOJI = ("👍", "🎉", "😄")


def message(sender: Sender) -> Operation:
    number = len(sender.operations)
    return Operation(
        "message.send",
        {
            "room_id": sender.rng.choices(sender.account.rooms, ROOM_WEIGHTS)[0],
            "text": f"{number} of {sender.account.username} " + "€" * sender.rng.choice((0, 10, 300)),
            "client_id": f"{sender.account.username}-{number}",
        },
    )


def message_or_change(sender: Sender) -> Operation:
    """Nobody else edits or deletes the sender's messages, and so all that it was acked must be there at the end."""
    what = sender.rng.choices(("message", "edit", "delete", "react"), (4, 4, 1, 4))[0]
    if what == "react" and sender.heard_of:
        target = sender.rng.choice(sender.heard_of)
        return _change("react", target, emoji=sender.rng.choice(EMOJI), on=sender.rng.random() < 0.7)
    if what == "edit" and sender.own:
        return _change("edit", sender.rng.choice(sender.own), text=f"edit {len(sender.operations)}")
    if what == "delete" and sender.own:
        return _change("delete", sender.own.pop(sender.rng.randrange(len(sender.own))))
    return message(sender)


def _change(what: str, message_id: str, **more: object) -> Operation:
    return Operation(f"message.{what}", {"message_id": message_id, **more})
