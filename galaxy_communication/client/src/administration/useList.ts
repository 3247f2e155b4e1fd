import { computed, onMounted, ref, shallowRef, type Ref, type ShallowRef } from "vue";

import type { ListPage } from "../api/adminRest";
import { useDebounced } from "../composables/useDebounced";

const PAGE = 50;

export interface List<Item> {
  items: Readonly<ShallowRef<Item[]>>;
  state: Ref<"loading" | "loaded" | "failed">;
  query: Ref<string>;
  hasMore: Ref<boolean>;
  /** From the beginning, as soon as somebody stops typing. */
  search: () => void;
  /** From the beginning, at once. */
  load: () => Promise<void>;
  more: () => Promise<void>;
  replace: (item: Item) => void;
  remove: (item: Item) => void;
}

/** Pages of a long list, the newest first, of which the server finds those that `query` names. */
export function useList<Item>(
  ask: (page: ListPage, query: string) => Promise<Item[]>,
  idOf: (item: Item) => string,
  begin = "",
): List<Item> {
  const items = shallowRef<Item[]>([]);
  const state = ref<"loading" | "loaded" | "failed">("loading");
  const query = ref(begin);
  const isLast = ref(false);

  const first = useDebounced((wanted) => ask({ limit: PAGE }, wanted.trim()), show, fail);
  const next = useDebounced(
    (wanted) => ask({ limit: PAGE, before: items.value.length > 0 ? idOf(items.value.at(-1) as Item) : undefined }, wanted.trim()),
    (found) => show([...items.value, ...found], found.length),
    fail,
  );

  function show(found: Item[], count = found.length): void {
    items.value = found;
    isLast.value = count < PAGE;
    state.value = "loaded";
  }

  function fail(): void {
    state.value = "failed";
  }

  async function load(): Promise<void> {
    next.stop();
    state.value = "loading";
    await first.now(query.value);
  }

  onMounted(load);
  return {
    items,
    state,
    query,
    hasMore: computed(() => items.value.length > 0 && !isLast.value),
    search() {
      next.stop();
      state.value = "loading";
      first.soon(query.value);
    },
    load,
    async more() {
      state.value = "loading";
      await next.now(query.value);
    },
    replace(item) {
      items.value = items.value.map((one) => (idOf(one) === idOf(item) ? item : one));
    },
    remove(item) {
      items.value = items.value.filter((one) => idOf(one) !== idOf(item));
    },
  };
}
