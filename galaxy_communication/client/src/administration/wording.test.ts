import { expect, it } from "vitest";

import { alice, bob } from "../../tests/samples";
import type { AuditEntry, Warning } from "../api/wire";
import { auditText, changeText, warningText } from "./wording";

function entry(changes: Partial<AuditEntry>): AuditEntry {
  const none = { acting_admin: null, room_id: null, room_name: null, message_id: null, reason: "", detail: {}, target: null };
  return { id: "1", at: "2026-01-01T00:00:00Z", act: "ban", actor: alice, ...none, ...changes };
}

it("says who did what to whom", () => {
  expect(auditText(entry({ target: bob }))).toBe("alice banned bob from the chat.");
  expect(auditText(entry({ act: "remove_member", target: bob, room_name: "NGS" }))).toBe("alice removed bob from NGS.");
});

it("names a room that is gone, and the chat where it acted itself", () => {
  expect(auditText(entry({ act: "archive", actor: null, room_name: "NGS" }))).toBe("The chat itself archived NGS.");
  expect(auditText(entry({ act: "archive", detail: { name: "Old" } }))).toBe("alice archived Old.");
});

it("says what it does not know as it was told", () => {
  expect(auditText(entry({ act: "fly" as AuditEntry["act"] }))).toBe("alice: fly");
  expect(warningText({ reason: "new_one" as Warning["reason"], message: "Mind the gap.", values: {} })).toBe("Mind the gap.");
});

it("says what was before and after", () => {
  expect(changeText(entry({ act: "rename", detail: { before: "A", after: "B" } }))).toBe("A → B");
  expect(changeText(entry({ act: "set_topic", detail: { before: "", after: "B" } }))).toBe("– → B");
  expect(changeText(entry({ detail: { until: "2100-01-01T00:00:00Z" } }))).toContain("2100");
  expect(changeText(entry({}))).toBe("");
});
