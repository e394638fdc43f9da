/** Going to a conversation; it works even after the part of the screen that asked for it is gone. */

import { useRouter } from "vue-router";

export function useShow(): (conversation: string) => void {
  const router = useRouter();
  return (conversation) => void router.push(conversation ? `/${conversation}` : "/");
}
