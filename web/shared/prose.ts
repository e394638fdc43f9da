/** A bank's texts on the page: paragraphs, headings, lists, tables and bold, built as elements, never parsed as HTML. */

import { h } from "./dom";

const BULLET = /^\s*[-*•·]\s+/;
const NUMBER = /^\s*\d+[.)、]\s*(?=\D)/;
const HEADING = /^#{1,4}\s+/;
const RULE = /^\s*\|?[\s:|-]+\|?\s*$/;

/** Build the elements of a text. */
export function prose(text: string): HTMLElement[] {
  const lines = text.replace(/\r/g, "").split("\n");
  const blocks: HTMLElement[] = [];
  let index = 0;
  while (index < lines.length) {
    const line = lines[index] ?? "";
    if (!line.trim()) {
      index += 1;
      continue;
    }
    const end = endOfBlock(lines, index);
    blocks.push(block(lines.slice(index, end)));
    index = end;
  }
  return blocks;
}

type Kind = "bullet" | "number" | "row" | "heading" | "text";

function kindOf(line: string): Kind {
  if (HEADING.test(line)) return "heading";
  if (BULLET.test(line)) return "bullet";
  if (NUMBER.test(line)) return "number";
  return line.trimStart().startsWith("|") ? "row" : "text";
}

function endOfBlock(lines: readonly string[], start: number): number {
  const kind = kindOf(lines[start] ?? "");
  let end = start + 1;
  if (kind === "heading") return end;
  while (end < lines.length && lines[end]?.trim() && kindOf(lines[end] ?? "") === kind) end += 1;
  return end;
}

function block(lines: readonly string[]): HTMLElement {
  const first = lines[0] ?? "";
  switch (kindOf(first)) {
    case "heading":
      return h("p", { class: "prose-heading" }, inline(first.replace(HEADING, "")));
    case "bullet":
      return h("ul", {}, lines.map((line) => h("li", {}, inline(line.replace(BULLET, "")))));
    case "number":
      return h("ol", { start: startOf(first) }, lines.map((line) => h("li", {}, inline(line.replace(NUMBER, "")))));
    case "row":
      return table(lines);
    case "text":
      return h("p", {}, lines.flatMap((line, index) => [index > 0 && h("br"), ...inline(line)]));
  }
}

function startOf(line: string): number | undefined {
  const start = Number.parseInt(line.trim(), 10);
  return start > 1 ? start : undefined;
}

function table(lines: readonly string[]): HTMLElement {
  const rows = lines.filter((line) => !RULE.test(line)).map(cells);
  const hasHead = lines.length > 1 && RULE.test(lines[1] ?? "");
  const head = hasHead ? rows.slice(0, 1) : [];
  const body = hasHead ? rows.slice(1) : rows;
  return h(
    "div",
    { class: "prose-table", tabindex: 0 },
    h(
      "table",
      {},
      head.map((row) => h("thead", {}, h("tr", {}, row.map((cell) => h("th", { scope: "col" }, inline(cell)))))),
      h("tbody", {}, body.map((row) => h("tr", {}, row.map((cell) => h("td", {}, inline(cell)))))),
    ),
  );
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\||\|$/g, "");
  return inner.split("|").map((cell) => cell.trim());
}

function inline(text: string): (HTMLElement | string)[] {
  return text
    .split(/(\*\*[^*]+\*\*)/)
    .filter(Boolean)
    .map((part) => (part.startsWith("**") && part.length > 4 ? h("strong", {}, part.slice(2, -2)) : part));
}
