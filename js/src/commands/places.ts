/** Finds names and their places in a notebook's cells: pure, from texts. */
import { namesIn } from '../cells/badge';

export interface CellText {
  readonly id: string;
  readonly text: string;
}

/** A cell, and where in its text something stands. */
export interface Place {
  readonly cell: number;
  readonly offset: number;
}

const NAME = /[\p{L}\p{N}_]/u;

/** The name that stands at or just before an offset, a key's slashes left out; empty for none. */
export function nameAt(text: string, offset: number): string {
  let from = offset;
  let to = offset;
  while (from > 0 && NAME.test(text.charAt(from - 1))) {
    from--;
  }
  while (to < text.length && NAME.test(text.charAt(to))) {
    to++;
  }
  return text.slice(from, to);
}

/** Where a name is defined: the cell of the asset, else the nearest definition above, else below. */
export function definitionOf(
  name: string,
  cells: readonly CellText[],
  from: number,
  assetCell: string | undefined
): Place | null {
  const own = cells.findIndex(({ id, text }) =>
    assetCell === undefined ? namesIn(text).some(key => lastPart(key) === name) : id === assetCell
  );
  if (own >= 0) {
    return { cell: own, offset: 0 };
  }
  const places = cells.flatMap(({ text }, cell) => {
    const offset = namesIn(text).length > 0 ? null : boundIn(text, name);
    return offset === null ? [] : [{ cell, offset }];
  });
  return places.filter(place => place.cell <= from).at(-1) ?? places[0] ?? null;
}

function lastPart(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

const END = '(?![\\p{L}\\p{N}_])';
const START = '(?<![\\p{L}\\p{N}_.])';
const NAMES = '[\\p{L}\\p{N}_, ]+';

/** Where a text binds a name last at its top level: by assignment, def, class, import, for or with. */
function boundIn(text: string, name: string): number | null {
  if (!/^[\p{L}\p{N}_]+$/u.test(name)) {
    return null;
  }
  const word = `${START}${name}${END}`;
  const binds = new RegExp(
    `^(?:(?:(?:async )?def|class) ${word}` +
      `|(?:${NAMES},\\s*)?${word}\\s*(?:,${NAMES})?(?::[^=\\n]+)?=(?!=)` +
      `|(?:from\\s+\\S+\\s+)?import${END}[^\\n]*${word}(?!\\s+as${END})` +
      `|(?:for|with)${END}[^\\n]*${word}[^\\n]*:)`,
    'gmu'
  );
  let last: number | null = null;
  for (const match of text.matchAll(binds)) {
    last = match.index;
  }
  return last;
}

/** The name, with a number where it is taken already. */
export function freeName(name: string, taken: { has(name: string): boolean }): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) {
    free = `${name}_${number}`;
  }
  return free;
}
