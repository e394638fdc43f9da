/** The conversation that is looked at, and what the person may do in it. */

import { computed } from "vue";

import { act } from "./api";
import { tellDone, tellProblem } from "./notices";
import { useSession } from "./session";
import { useTalks } from "./talks";
import { useUi } from "./ui";
import { useWork } from "./work";

/** Return the conversation at hand. */
export function useCurrent() {
  const session = useSession();
  const talks = useTalks();
  const ui = useUi();
  const work = useWork();

  const id = computed(() => ui.selected);
  const talk = computed(() => talks.talks.get(ui.selected) ?? null);
  const parts = computed(() => talk.value?.parts ?? null);
  const card = computed(() => work.cardOf(ui.selected) ?? null);
  const isMine = computed(() => parts.value?.people.owner?.account === session.me?.account);
  const isClosed = computed(() => parts.value?.status.closed ?? false);
  const hasJoined = computed(() => parts.value?.people.joined.some((p) => p.account === session.me?.account) ?? false);
  const maySpeak = computed(() => !isClosed.value && (isMine.value || hasJoined.value));
  const isOwned = computed(() => Boolean(parts.value?.people.owner));

  return { id, talk, parts, card, isMine, isClosed, hasJoined, maySpeak, isOwned };
}

/** Act in a conversation and say how it went; returns whether it was done. */
export async function perform(conversation: string, path: string, body: unknown, done = ""): Promise<boolean> {
  try {
    await act(conversation, path, body);
  } catch (error) {
    tellProblem(error);
    return false;
  }
  if (done) tellDone(done);
  return true;
}
