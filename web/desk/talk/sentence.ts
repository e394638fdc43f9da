/** What happened, as a sentence in the language of the page. */

import { queueTitle } from "../model/lists";
import type { Event, Language, Parts, Text } from "../model/wire";
import { clock, named, said, t } from "../words";

function who(event: Event, parts: Parts): string {
  const shown = event["shown"] as Text | undefined;
  if (shown) return said(shown);
  const account = String(event["representative"] ?? "");
  const people = [parts.people.owner, parts.people.before, ...parts.people.joined, ...parts.people.watching];
  return said(people.find((person) => person?.account === account)?.shown) || account;
}

function returned(event: Event, parts: Parts): string {
  if (event["to"] === "assistant") return t(event["reason"] === "wrapped" ? "ev_wrapped_off" : "ev_given_back", { who: who(event, parts) });
  if (event["to"] === "callback") return t("ev_callback");
  return t(event["reason"] === "silent" ? "ev_silent" : "ev_back_in_queue", { who: who(event, parts) });
}

function text(event: Event, field: string): string {
  return String(event[field] ?? "");
}

function flowTitle(flow: string, parts: Parts): string {
  const known = [...(parts.handover?.facts ?? []), ...(parts.guided ? [{ flow: parts.guided.flow, title: parts.guided.title }] : [])];
  return said(known.find((fact) => fact.flow === flow)?.title) || named("flow", flow);
}

const SENTENCES: Readonly<Record<string, (event: Event, parts: Parts) => string>> = {
  "handover.requested": (event) => t("ev_requested", { why: named("why", text(event, "reason")) }),
  "handover.accepted": (event, parts) => t(event["how"] === "takeover" ? "ev_taken_over" : "ev_accepted", { who: who(event, parts) }),
  "handover.returned": returned,
  "transfer.requested": (event, parts) =>
    t(event["warm"] ? "ev_transfer_warm" : "ev_transfer_cold", { who: who(event, parts), to: text(event, "to") || queueTitle(text(event, "queue")) }),
  "representative.joined": (event, parts) => t("ev_joined", { who: who(event, parts) }),
  "representative.left": (event, parts) => t("ev_left", { who: who(event, parts) }),
  "watch.started": (event, parts) => t("ev_watch", { who: who(event, parts) }),
  "watch.ended": (event, parts) => t("ev_unwatch", { who: who(event, parts) }),
  "conversation.snoozed": (event) => t("ev_snoozed", { time: clock(text(event, "until")) }),
  "conversation.woken": (event) => t("ev_woken", { why: named("woken", text(event, "reason")) }),
  "verification.requested": (event) => t("ev_verify", { method: named("method", text(event, "method")) }),
  "level.changed": (event, parts) => {
    const level = Number(event["level"]);
    return t("ev_level", { level: said(parts.talk.levels[level]?.title) || String(level) });
  },
  "flow.started": (event, parts) => t("ev_flow", { flow: flowTitle(text(event, "flow"), parts) }),
  "action.committed": (event) => t("ev_done", { action: named("action", text(event, "action").replaceAll(".", "_")) }),
  "action.failed": (event) =>
    t(event["error"] === "outcome_unknown" ? "ev_unknown" : "ev_failed", { action: named("action", text(event, "action").replaceAll(".", "_")) }),
  "case.opened": (event) => t("ev_case", { kind: named("case", text(event, "case_kind")), number: text(event, "number"), time: clock(text(event, "due_at")) }),
  "case.closed": (event) => t("ev_case_closed", { number: text(event, "number") }),
  "field.revealed": (event, parts) => t("ev_revealed", { who: who(event, parts), field: fieldName(text(event, "field")), reason: text(event, "reason") }),
  "attachment.added": (event) => t(event["author"] === "customer" ? "ev_file_in" : "ev_file_out", { name: text(event, "name") }),
  "scam.suspected": () => t("ev_scam"),
  "reply.blocked": (event) => t("ev_blocked", { rule: text(event, "rule") }),
  "language.switched": (event) => t("ev_language", { language: (event["language"] as Language) === "zh" ? "中文" : "English" }),
  "conversation.wrapped": (event) => t("ev_wrapped", { outcome: named("outcome", text(event, "outcome")), summary: text(event, "summary") }),
  "conversation.closed": () => t("ev_closed"),
};

function fieldName(field: string): string {
  const kind = /^\[(\w+)/.exec(field)?.[1];
  return kind ? named("token", kind) : named("field", field);
}

/** Return the sentence for an event. */
export function sentenceOf(event: Event, parts: Parts): string {
  return SENTENCES[event.kind]?.(event, parts) ?? event.kind;
}
