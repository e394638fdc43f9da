import { dialogs } from "./zh/dialogs";
import { record } from "./zh/record";
import { screen } from "./zh/screen";

export const zh = { ...screen, ...dialogs, ...record };
