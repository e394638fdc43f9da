/** Line icons on a 24-unit grid, drawn for this page. They are decoration: the words beside them say the same. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  send: "M4 12 20 4l-5 16-3.500-6.500zM11.500 13.500 20 4",
  person: "M4 13a8 8 0 0 1 16 0M4 13v3a2 2 0 0 0 2 2h1v-6H4zM20 13v3a2 2 0 0 1-2 2h-1v-6h3zM18 18c0 2-2 3-5 3",
  id: "M3 6h18v12H3zM8.500 12a1.700 1.700 0 1 0 0-3.400 1.700 1.700 0 0 0 0 3.400zM5.800 15.300c.6-2 4.800-2 5.400 0M14 10h4M14 13.500h4",
  phone: "M8 3h8a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM11 18h2",
  why: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .8-1 1.700M12 17h.01",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.500 10 17.500 19 7",
  shield: "M12 3 5 6v5c0 4.500 2.900 8.300 7 10 4.100-1.700 7-5.500 7-10V6zM9 12l2.200 2.200L15.500 10",
  source: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  receipt: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9.500 8h5M9.500 12h5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
  alert: "M12 4 2.800 20h18.400zM12 10v4M12 17h.01",
  down: "M6 9l6 6 6-6",
  face: "M4 8V6a2 2 0 0 1 2-2h2M16 4h2a2 2 0 0 1 2 2v2M20 16v2a2 2 0 0 1-2 2h-2M8 20H6a2 2 0 0 1-2-2v-2M9 10v1M15 10v1M9.500 15c1.500 1.300 3.500 1.300 5 0",
  key: "M14.500 13.500a4.500 4.500 0 1 0-4-4L4 16v4h4l1-1v-2h2v-2h2zM16 8h.01",
  message: "M4 5h16v11H9l-5 4z",
  plus: "M12 5v14M5 12h14",
  letters: "M3 18 7.500 7 12 18M4.700 14h5.600M14 18l3.200-8 3.300 8M15.300 15.300h3.900",
  memory: "M6 4h12v17l-6-4-6 4zM9.500 9h5M9.500 12h5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
} as const;

export type IconName = keyof typeof PATHS;

/** Draw an icon. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(path(PATHS[name]));
  return svg;
}

/** Draw the bank's mark: two piers of a harbour, and the water between them. */
export function mark(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  const water = "M5 26.500c4.750-4.300 9.500-4.300 14.250 0s9.500 4.300 14.250 0 9.500-4.300 9.500-4.300";
  svg.append(
    path("M11 8h8v32h-8zM29 8h8v32h-8z", "mark-piers"),
    path(water, "mark-gap"),
    path(water, "mark-water"),
  );
  return svg;
}

function path(d: string, kind = ""): SVGPathElement {
  const found = document.createElementNS(SVG, "path");
  found.setAttribute("d", d);
  if (kind) found.setAttribute("class", kind);
  return found;
}
