/** Values of the bank, as people read them. Pure. */

import type { Language, Value } from "../model/wire";

/** Return a value in words. Records show their label, money its currency and amount. */
export function shownValue(value: Value, language: Language): string {
  if (value === null || value === "") return "—";
  if (typeof value === "boolean") return value ? { zh: "是", en: "Yes" }[language] : { zh: "否", en: "No" }[language];
  if (typeof value === "number") return value.toLocaleString(language === "zh" ? "zh-CN" : "en");
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map((item: Value) => shownValue(item, language)).join(language === "zh" ? "、" : ", ");
  return shownRecord(value as Readonly<Record<string, Value>>, language);
}

function shownRecord(record: Readonly<Record<string, Value>>, language: Language): string {
  const inLanguage = record[language];
  if (typeof inLanguage === "string") return inLanguage;
  if (record["amount"] !== undefined && record["currency"] !== undefined) {
    return `${shownValue(record["currency"], language)} ${shownValue(record["amount"], language)}`;
  }
  for (const name of ["label", "title", "name", "last_four", "number", "id"]) {
    const found = record[name];
    if (found !== undefined && found !== null) return shownValue(found, language);
  }
  return Object.values(record)
    .map((item) => shownValue(item, language))
    .join(" ");
}

/** Return an amount that the bank counts in the currency's smallest unit, exactly: 50000 CNY is ¥500.00. */
export function shownMinor(minor: Value, currency: Value, language: Language): string {
  const code = typeof currency === "string" ? currency : "CNY";
  const format = new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en", { style: "currency", currency: code });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const whole = String(minor).padStart(digits + 1, "0");
  const exact = digits ? `${whole.slice(0, -digits)}.${whole.slice(-digits)}` : whole;
  return format.format(exact as unknown as number); // a string is formatted exactly; the type is older than that
}

/** Return a value of a procedure; money is counted in the smallest unit. */
export function shownTyped(value: Value, type: string | undefined, language: Language): string {
  return type === "money" && typeof value === "number" ? shownMinor(value, null, language) : shownValue(value, language);
}
