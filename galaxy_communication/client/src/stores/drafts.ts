/**
 * Drafts in IndexedDB, where they outlive the tab. In a private window, on a full disk, or where a later version of this
 * page has changed the database, nothing is kept and nothing else happens.
 */
import { openDB, type DBSchema, type IDBPDatabase } from "idb";

import type { Draft, DraftStore } from "./outbox";

const VERSION = 1;
/** Milliseconds for reading the drafts of earlier visits: there are browsers that never answer. */
const PATIENCE = 2_000;

interface Schema extends DBSchema {
  drafts: { key: string; value: Draft; indexes: { userId: string } };
}

export interface Drafts extends DraftStore {
  close(): void;
}

/**
 * @param root Galaxy's root: several Galaxies may share an origin.
 * @param discarded hears of what was discarded in another tab.
 */
export function openDrafts(root: string, discarded: (clientId: string) => void, patience = PATIENCE): Drafts {
  const name = `galaxy-communication ${root}`;
  const tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
  tabs?.addEventListener("message", ({ data }: MessageEvent<string>) => discarded(data));
  let opened: Promise<IDBPDatabase<Schema>> | null = null;

  function open(): Promise<IDBPDatabase<Schema>> {
    opened ??= openDB<Schema>(name, VERSION, {
      upgrade(database) {
        database.createObjectStore("drafts", { keyPath: "clientId" }).createIndex("userId", "userId");
      },
      // A later version of this page wants to change it, or the user deletes what this site has stored.
      blocking: close,
      terminated: () => (opened = null),
    });
    return opened;
  }

  function close(): void {
    opened?.then((database) => database.close()).catch(() => undefined);
    opened = null;
  }

  /** Operations begin in the order of the calls, and IndexedDB keeps that order. Null where there is no storage. */
  async function use<T>(operation: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T | null> {
    try {
      return await operation(await open());
    } catch {
      return null;
    }
  }

  return {
    async load(userId) {
      const late = new Promise<null>((resolve) => setTimeout(resolve, patience, null));
      const drafts = await Promise.race([use((database) => database.getAllFromIndex("drafts", "userId", userId)), late]);
      return drafts ?? [];
    },
    put: (draft) => void use((database) => database.put("drafts", draft)),
    remove: (clientId) => void use((database) => database.delete("drafts", clientId)),
    discard(clientId) {
      // Told when it is gone: a tab that loads in between must not find it any more.
      use((database) => database.delete("drafts", clientId))
        .then(() => tabs?.postMessage(clientId))
        .catch(() => undefined); // closed meanwhile
    },
    close() {
      tabs?.close();
      close();
    },
  };
}
