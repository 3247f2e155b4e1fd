"""What clients send, on the socket and over REST. Part of the wire contract, as `schemas` is: additions only."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from .schemas import EncodedId, Language, NotifyLevel, Role, Seq, no_nul, storable
from .text import MAX_NAME_LENGTH, MAX_TOPIC_LENGTH

#: Chosen by the sender, unique for this author in this room.
ClientId = Annotated[
    str, StringConstraints(min_length=1, max_length=64), AfterValidator(storable), AfterValidator(no_nul)
]
#: Markdown source as its author typed it.
SourceText = Annotated[str, AfterValidator(storable)]
#: One emoji, as its sender's keyboard spells it.
Emoji = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(storable)]
RoomName = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_NAME_LENGTH), AfterValidator(storable), AfterValidator(no_nul)
]
MAX_REASON_LENGTH = 1000
Reason = Annotated[
    str, StringConstraints(max_length=MAX_REASON_LENGTH), AfterValidator(storable), AfterValidator(no_nul)
]
Topic = Annotated[str, StringConstraints(max_length=MAX_TOPIC_LENGTH), AfterValidator(storable), AfterValidator(no_nul)]
#: As many people as one request may name.
People = Annotated[list[EncodedId], Field(max_length=100)]


class Payload(BaseModel):
    """A field that we do not know is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


# Messages


class ShareReference(Payload):
    type: str
    id: str


def _none_yet(shares: list[ShareReference]) -> list[ShareReference]:
    if shares:
        raise ValueError("sharing objects of Galaxy is not possible yet")
    return shares


class MessageBody(Payload):
    text: SourceText
    client_id: ClientId
    reply_to: EncodedId | None = None
    shares: Annotated[list[ShareReference], AfterValidator(_none_yet)] = []


class MessageSend(MessageBody):
    room_id: EncodedId


class MessageUpdate(Payload):
    text: SourceText


class MessageReference(Payload):
    message_id: EncodedId


class MessageDelete(MessageReference):
    reason: Reason = ""
    """For the audit log, where the message is another's."""


class MessageEdit(MessageUpdate, MessageReference):
    pass


class MessageReact(MessageReference):
    emoji: Emoji
    on: bool


class MessageReport(Payload):
    reason: Reason


class Resolution(Payload):
    outcome: Literal["dismissed", "acted"]
    note: Reason = ""


# Rooms


class RoomCreate(Payload):
    kind: Literal["public", "private", "direct", "group", "persistent"]
    name: RoomName | None = None
    """All but a conversation of two has one."""
    topic: Topic = ""
    members: People = []
    """Who is invited at once; of a conversation, the other one."""
    group_id: EncodedId | None = None
    """Of a room of a Galaxy group; or else ``role_id``."""
    role_id: EncodedId | None = None


class RoomUpdate(Payload):
    """What is left out stays as it is."""

    name: RoomName | None = None
    topic: Topic | None = None
    archived: bool | None = None
    slow_mode_seconds: Annotated[int | None, Field(ge=0, le=3600)] = None
    """Everybody but moderators waits so long between two messages; 0 ends it."""
    read_only: bool | None = None
    """Only moderators write."""


class RoomJoin(Payload):
    """By ``room_id`` or, for rooms that may be found, by ``name``."""

    room_id: EncodedId | None = None
    name: RoomName | None = None


class RoomReference(Payload):
    room_id: EncodedId


class ReadPointer(Payload):
    seq: Seq
    backward: bool = False
    """Marks what comes after ``seq`` as unread; without it the pointer only moves forward."""


class RoomRead(ReadPointer):
    room_id: EncodedId


class MembershipUpdate(Payload):
    """One's own; what is left out stays as it is."""

    notify: NotifyLevel | None = None
    muted_until: Annotated[AwareDatetime | None, Field(strict=False)] = None
    """A moment that is past ends the silence."""


class Invitation(Payload):
    user_id: EncodedId | None = None
    members: People = []

    @model_validator(mode="after")
    def _somebody(self) -> Invitation:
        if (self.user_id is None) == (not self.members):
            raise ValueError("give user_id or members")
        return self

    @property
    def user_ids(self) -> list[str]:
        return self.members if self.user_id is None else [self.user_id]


class MemberUpdate(Payload):
    role: Role


# All the rest


class Sync(Payload):
    rooms: Annotated[dict[EncodedId, Seq], Field(max_length=1000)]
    """The last number applied, by room."""


class Nothing(Payload):
    pass


class PresenceSet(Payload):
    status: Literal["online", "away"]


class StatusUpdate(Payload):
    enabled: bool


class PreferencesUpdate(Payload):
    """What is left out stays as it is."""

    enabled: bool | None = None
    presence: bool | None = None
    typing: bool | None = None
    notifications: bool | None = None
    sound: bool | None = None
    language: Language | None = None
    """Null is a choice: Galaxy's."""

    def given(self) -> dict[str, bool | str | None]:
        wanted = self.model_dump(exclude_unset=True)
        return {name: value for name, value in wanted.items() if value is not None or name == "language"}


class Sanction(Payload):
    """A silence or a ban."""

    reason: Reason = ""
    until: Annotated[AwareDatetime | None, Field(strict=False)] = None
    """For good where it is left out."""
