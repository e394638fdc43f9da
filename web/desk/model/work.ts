/** My work, as the server ordered it. */

import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { type Card, LISTS, type Presence, type Work } from "./wire";

/** Lists whose conversations the page follows, so that each is there at once. */
const FOLLOWED = ["active", "waiting", "watching"] as const;

export const useWork = defineStore("work", () => {
  const work = ref<Work | null>(null);

  function take(told: Work): void {
    work.value = told;
  }

  function takePresence(presence: Presence): void {
    if (work.value) work.value = { ...work.value, presence };
  }

  /** All conversations in the order shown, each once; rings are answered, not opened. */
  const opened = computed<readonly Card[]>(() => {
    const seen = new Set<string>();
    const cards = LISTS.filter((list) => list !== "ringing").flatMap((list) => work.value?.[list] ?? []);
    return cards.filter((card) => !seen.has(card.conversation) && seen.add(card.conversation));
  });

  const followed = computed(() =>
    [...new Set(FOLLOWED.flatMap((list) => work.value?.[list] ?? []).map((card) => card.conversation))].sort(),
  );

  function cardOf(conversation: string): Card | undefined {
    const ringing = work.value?.ringing ?? [];
    return [...opened.value, ...ringing].find((card) => card.conversation === conversation);
  }

  return { work, opened, followed, take, takePresence, cardOf };
});
