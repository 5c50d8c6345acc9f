import { say } from "@/lib/words/catalogue";

/** Keeps a number and its unit on one line. */
const NBSP = "\u00a0";

/** A share in [0, 1] as a whole per cent, never rounded to the certainties of 0 or 100. */
export function wholePercent(share: number): string {
  if (share < 0.01) return say("number", "under", { value: 1 });
  if (share > 0.99) return say("number", "over", { value: 99 });
  return say("number", "percent", { value: Math.round(share * 100) });
}

/** A share in [0, 1] as a per cent with one decimal, never rounded to the certainties of 0 or 100. */
export function finePercent(share: number): string {
  if (share < 0.001) return `<${NBSP}${percent("0.1")}`;
  if (share > 0.999) return `>${NBSP}${percent("99.9")}`;
  return percent((share * 100).toFixed(1));
}

/** A setting in [0, 1] as a per cent, with a decimal only where it has one: "52 %", "52.4 %". */
export function plainPercent(share: number): string {
  return percent(String(Number((share * 100).toFixed(1))));
}

/** A number's digits as a per cent, with the language's decimal mark. */
function percent(digits: string): string {
  return say("number", "percent", { value: digits.replace(".", say("number", "decimal_mark")) });
}

/** A size in bytes in words: "812 kB", "12.4 MB". */
export function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes}${NBSP}B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)}${NBSP}kB`;
  return `${(bytes / 1_000_000).toFixed(1)}${NBSP}MB`;
}

/** The server's words, each number held to its per cent sign where lines break. */
export function unbroken(words: string): string {
  return words.replaceAll(/(?<=\d) %/gu, `${NBSP}%`);
}
