/** Where the fault of a text is underlined. */
import { Text } from '@codemirror/state';
import { expect, test } from 'vitest';

import { diagnosticOf } from '../../src/editor/underlines';

const doc = Text.of(['%%asset a', 'x = "😀" + (1', '']);

function underlined(line: number, column: number, end: number | null): string {
  const { from, to } = diagnosticOf({ text: 'wrong', line, column, end }, doc);
  return doc.sliceString(from, to);
}

test.each([
  [1, 2, 7, 'asset'],
  [2, 4, 7, '"😀"'],
  [2, 10, null, '(1'],
  [2, 12, null, '1'],
  [2, 90, 99, '1'],
  [3, 0, null, ''],
  [9, 0, 4, '']
])('line %i, columns %i to %j: %j', (line, column, end, words) => {
  expect(underlined(line, column, end)).toBe(words);
});
