/** Line icons on a 24-unit grid, drawn for this page. They are decoration: the words beside them say the same. */

const SVG = "http://www.w3.org/2000/svg";

export const PATHS = {
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
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2.500M12 19.500V22M4.900 4.900l1.800 1.800M17.300 17.300l1.800 1.800M2 12h2.500M19.500 12H22M4.900 19.100l1.800-1.800M17.300 6.700l1.800-1.800",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
  screen: "M3 5h18v11H3zM9 20h6M12 16v4",
  transfer: "M4 8h14l-3.500-3.500M20 16H6l3.500 3.500",
  back: "M10 6 4 12l6 6M4 12h16",
  snooze: "M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM9.500 10.500h5l-5 5.500h5M5 3 2.500 5.500M19 3l2.500 2.500",
  promise: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M9 15l2 2 4-4",
  form: "M5 4h14v16H5zM8.500 8.500h7M8.500 12h7M8.500 15.500h4",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 14.800a2.800 2.800 0 1 0 0-5.600 2.800 2.800 0 0 0 0 5.600z",
  note: "M5 4h14v11l-5 5H5zM19 15h-5v5",
  clip: "M20 11.500l-8 8a5 5 0 0 1-7-7l8.500-8.500a3.300 3.300 0 0 1 4.700 4.700L10 17a1.700 1.700 0 0 1-2.400-2.400l7.400-7.400",
  hand: "M8 12V6.500a1.500 1.500 0 0 1 3 0V11 5a1.500 1.500 0 0 1 3 0v6-4.500a1.500 1.500 0 0 1 3 0V14a7 7 0 0 1-7 7c-3 0-4.500-1.500-6-4l-1.500-3a1.500 1.500 0 0 1 2.500-1.500z",
  robot: "M5 9h14v10H5zM12 9V5M12 5a1 1 0 1 0 0-2 1 1 0 0 0 0 2zM9 13v1.500M15 13v1.500M2.500 13v2M21.500 13v2",
  up: "M12 20V5M6 11l6-6 6 6",
  flat: "M4 12h15M13.500 6.500 19 12l-5.500 5.500",
  keyboard: "M2.500 6h19v12h-19zM6 10h.01M9.500 10h.01M13 10h.01M16.500 10h.01M7 14h10",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 20.500 20.500",
  edit: "M4 20h4L19.500 8.500a2 2 0 0 0 0-2.800l-1.200-1.200a2 2 0 0 0-2.800 0L4 16z",
  left: "M15 6l-6 6 6 6",
  right: "M9 6l6 6-6 6",
  spark: "M12 3l1.800 5.200L19 10l-5.200 1.800L12 17l-1.800-5.200L5 10l5.200-1.800zM18.500 15.500l.8 2.200 2.200.8-2.200.8-.8 2.200-.8-2.200-2.200-.8 2.200-.8z",
  flag: "M5 21V4h12l-2 4 2 4H5",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  out: "M14 4H5v16h9M10 12h11M17.500 8.500 21 12l-3.500 3.500",
  people: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20a6.500 6.500 0 0 1 13 0M16 4.300a3.500 3.500 0 0 1 0 6.400M18 14a6.500 6.500 0 0 1 3.500 6",
  inbox: "M4 13 6 5h12l2 8v6H4zM4 13h4.500l1.500 2.500h4L15.500 13H20",
  heart: "M12 20S4 15 4 9.300A4.300 4.300 0 0 1 12 7a4.300 4.300 0 0 1 8 2.300C20 15 12 20 12 20z",
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

export const WATER = "M5 26.500c4.750-4.300 9.500-4.300 14.250 0s9.500 4.300 14.250 0 9.500-4.300 9.500-4.300";

/** Draw the bank's mark: two piers of a harbour, and the water between them. */
export function mark(): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 48 48");
  svg.setAttribute("class", "mark");
  svg.setAttribute("aria-hidden", "true");
  svg.append(
    path("M11 8h8v32h-8zM29 8h8v32h-8z", "mark-piers"),
    path(WATER, "mark-gap"),
    path(WATER, "mark-water"),
  );
  return svg;
}

function path(d: string, kind = ""): SVGPathElement {
  const found = document.createElementNS(SVG, "path");
  found.setAttribute("d", d);
  if (kind) found.setAttribute("class", kind);
  return found;
}
