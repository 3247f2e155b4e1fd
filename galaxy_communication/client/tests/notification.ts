/** Stands for the browser's notifications: there are none in tests. */
import { vi } from "vitest";

export class TestNotification extends EventTarget {
  static permission: NotificationPermission = "granted";
  /** What the user answers. */
  static answer: NotificationPermission = "granted";
  static all: TestNotification[] = [];
  static refuses = false;
  isOpen = true;

  constructor(
    readonly title: string,
    readonly options: NotificationOptions,
  ) {
    super();
    if (TestNotification.refuses) throw new TypeError("Illegal constructor");
    TestNotification.all.push(this);
  }

  static requestPermission(): Promise<NotificationPermission> {
    TestNotification.permission = TestNotification.answer;
    return Promise.resolve(TestNotification.permission);
  }

  close(): void {
    this.isOpen = false;
    this.dispatchEvent(new Event("close"));
  }

  static install(): typeof TestNotification {
    Object.assign(TestNotification, { permission: "granted", answer: "granted", all: [], refuses: false });
    vi.stubGlobal("Notification", TestNotification);
    vi.stubGlobal("isSecureContext", true);
    return TestNotification;
  }
}
