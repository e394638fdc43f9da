/** Lists that seldom change, read once in a while. */

import { reactive } from "vue";

import { said } from "../words";
import { read } from "./api";
import type { Area, Colleague, Procedure, Queue, Text } from "./wire";

const FRESH_MS = 20_000;

function kept<Found>(load: () => Promise<Found>, freshMs: number): () => Promise<Found> {
  let found: Promise<Found> | null = null;
  let at = 0;
  return () => {
    if (!found || Date.now() - at > freshMs) {
      at = Date.now();
      found = load().catch((error: unknown) => {
        found = null;
        throw error;
      });
    }
    return found;
  };
}

export const lists = {
  people: kept(async () => (await read<{ people: Colleague[] }>("people")).people, FRESH_MS),
  queues: kept(async () => learn((await read<{ queues: Queue[] }>("queues")).queues), FRESH_MS),
  flows: kept(async () => (await read<{ flows: Procedure[] }>("flows")).flows, 10 * FRESH_MS),
  reasons: kept(async () => (await read<{ areas: Area[] }>("reasons")).areas, 10 * FRESH_MS),
};

const titles = reactive<Record<string, Text>>({});

function learn(queues: Queue[]): Queue[] {
  for (const queue of queues) titles[queue.queue] = queue.title;
  return queues;
}

/** Return what a queue is called, or its id until the list was read. */
export function queueTitle(queue: string): string {
  return said(titles[queue]) || queue;
}
