/** The desk's addresses: one page for signing in, one for working, with the conversation looked at in the address. */

import { type Router, createRouter, createWebHistory } from "vue-router";

import { useSession } from "./model/session";
import SignIn from "./SignIn.vue";

export function makeRouter(): Router {
  let isAsked = false;
  const router = createRouter({
    history: createWebHistory("/desk"),
    routes: [
      { path: "/sign-in", name: "sign-in", component: SignIn },
      { path: "/:conversation?", name: "desk", component: () => import("./DeskScreen.vue") },
      { path: "/:rest(.*)*", redirect: "/" },
    ],
  });
  router.beforeEach(async (to) => {
    const session = useSession();
    if (!session.isSigned && !isAsked) await session.resume().catch(() => false);
    isAsked = true;
    const { isSigned } = session;
    if (to.name === "desk" && !isSigned) return { name: "sign-in", query: to.path === "/" ? {} : { next: to.path } };
    if (to.name === "sign-in" && isSigned) return { name: "desk" };
    return true;
  });
  return router;
}
