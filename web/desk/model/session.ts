/** Who is signed in, and how they like the desk. */

import { defineStore } from "pinia";
import { computed, ref } from "vue";

import { Problem } from "../../shared/api";
import { setLanguage } from "../words";
import { change, read, useKey } from "./api";
import { showTheme } from "./theme";
import type { Me, Preferences, PresenceState, SignInOptions } from "./wire";

const SAVE_MS = 600;

export const useSession = defineStore("session", () => {
  const me = ref<Me | null>(null);
  const options = ref<SignInOptions | null>(null);
  const preferences = ref<Preferences>({});
  let saving = 0;

  const isSigned = computed(() => me.value !== null);

  /** Whether the person may do this; what is not listed is not theirs to do. */
  function may(permission: string): boolean {
    return me.value?.permissions.includes(permission) ?? false;
  }

  function enter(found: Me): void {
    me.value = found;
    useKey(found.csrf);
    preferences.value = { ...found.preferences };
    if (found.preferences.language) setLanguage(found.preferences.language);
    if (found.preferences.theme) showTheme(found.preferences.theme);
  }

  function leave(): void {
    me.value = null;
    useKey("");
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("tellerline.draft.")) sessionStorage.removeItem(key);
  }

  /** Go on with the session of this browser, if there is one. Throws `Problem` when the server cannot be reached. */
  async function resume(): Promise<boolean> {
    try {
      enter(await read<Me>("session"));
      return true;
    } catch (error) {
      if (error instanceof Problem && (error.status === 401 || error.status === 403)) return false;
      throw error;
    }
  }

  async function loadOptions(): Promise<void> {
    options.value = await read<SignInOptions>("session/options");
  }

  async function signIn(account: string, password: string, code: string): Promise<void> {
    const wanted = code ? { account, password, code } : { account, password };
    enter(await change<Me>("POST", "session", wanted));
  }

  async function signOut(): Promise<void> {
    await change("DELETE", "session").catch(() => undefined);
    leave();
  }

  async function setPresence(state: PresenceState, reason = ""): Promise<void> {
    await change("PUT", "presence", { state, reason });
  }

  /** Keep a preference, here at once and on the server soon. */
  function prefer(wanted: Preferences): void {
    preferences.value = { ...preferences.value, ...wanted };
    window.clearTimeout(saving);
    saving = window.setTimeout(() => {
      if (me.value) void change("PUT", "preferences", preferences.value).catch(() => undefined);
    }, SAVE_MS);
  }

  return { me, options, preferences, isSigned, may, enter, leave, resume, loadOptions, signIn, signOut, setPresence, prefer };
});
