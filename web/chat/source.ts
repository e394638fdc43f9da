/** What a reply rests on: a line under the bubble that opens to the list of its sources. */

import { h } from "../shared/dom";
import { icon } from "../shared/icon";
import type { Source } from "./wire";
import { type Word, t } from "./words";

const KINDS: Record<Source["kind"], Word> = {
  copy: "sourceCopy",
  fact: "sourceFact",
  article: "sourceArticle",
  bank: "sourceBank",
  case: "sourceCase",
  queue: "sourceQueue",
  memory: "sourceMemory",
  sum: "sourceSum",
};

/** Show the sources of a reply, or nothing when it has none. */
export function sourceList(sources: readonly Source[]): HTMLElement | null {
  if (sources.length === 0) return null;
  const named = distinct(sources);
  const first = named.find((source) => source.title) ?? named.find((source) => source.kind !== "copy") ?? named[0];
  if (!first) return null;
  return h(
    "details",
    { class: "sources", ontoggle: showWhole },
    h(
      "summary",
      {},
      icon("source"),
      h("span", { class: "sources-first" }, nameOf(first)),
      named.length > 1 && h("span", { class: "sources-more" }, `+${named.length - 1}`),
    ),
    h("ul", { "aria-label": t("sources") }, named.map(entry)),
  );
}

function showWhole(event: Event): void {
  const details = event.currentTarget as HTMLDetailsElement;
  if (details.open) details.scrollIntoView({ block: "nearest", behavior: "smooth" });
}

/** Name a source for people. */
export function nameOf(source: Source): string {
  return source.title || t(KINDS[source.kind]);
}

function entry(source: Source): HTMLElement {
  return h(
    "li",
    {},
    h("span", { class: `source-kind source-${source.kind}` }, t(KINDS[source.kind])),
    h(
      "span",
      { class: "source-what" },
      source.title && h("span", { class: "source-title" }, source.title),
      source.on && h("span", { class: "source-on" }, t("inForce", { on: source.on })),
      h("code", {}, source.id),
    ),
  );
}

/** Several rows of one table, and several approved wordings, are one source to a reader. */
function distinct(sources: readonly Source[]): Source[] {
  const seen = new Set<string>();
  return sources.filter((source) => {
    const what = source.title ? `${source.title} ${source.on}` : source.kind === "copy" ? "" : source.id;
    const name = `${source.kind} ${what}`;
    return !seen.has(name) && seen.add(name);
  });
}
