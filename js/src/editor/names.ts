/** Finds the asset that a word of a cell names. */
import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

/** Where a word may name an asset: in our header, in Python, in SQL; not in texts or comments. */
const NAMING = new Set([
  'Name',
  'VariableName',
  'Identifier',
  'QuotedIdentifier',
  'Keyword',
  'Type'
]);
const WORD = /[\p{L}\p{N}_/]+/gu;

export interface NamedWord {
  readonly word: string;
  readonly from: number;
  readonly to: number;
}

/** The word at a position, if it stands where assets are named. */
export function wordAt(state: EditorState, position: number): NamedWord | null {
  const node = syntaxTree(state).resolveInner(position, 1);
  if (!NAMING.has(node.name)) {
    return null;
  }
  const line = state.doc.lineAt(position);
  for (const found of line.text.matchAll(WORD)) {
    const from = line.from + found.index;
    const to = from + found[0].length;
    if (from <= position && position < to) {
      return { word: found[0], from, to };
    }
  }
  return null;
}

/** The key that a word names: itself, or the only key whose last part it is. */
export function keyNamed(word: string, keys: Iterable<string>): string | null {
  const ends: string[] = [];
  for (const key of keys) {
    if (key === word) {
      return key;
    }
    if (key.endsWith(`/${word}`)) {
      ends.push(key);
    }
  }
  return ends.length === 1 ? (ends[0] ?? null) : null;
}
