/** When the kernel is asked what is wrong with a text. */
import { diagnosticCount } from '@codemirror/lint';
import { EditorView } from '@codemirror/view';
import { afterEach, expect, test, vi } from 'vitest';

import { faultUnderlines } from '../../src/editor/underlines';
import type { CellFault } from '../../src/protocol';

const FAULT: CellFault = { text: 'wrong', line: 2, column: 4, end: null };

afterEach(() => {
  vi.useRealTimers();
});

test('a text that was typed before a kernel listened is read when one does', async () => {
  vi.useFakeTimers();
  let listening = false;
  let again = (): void => undefined;
  const view = new EditorView({
    doc: '%%asset a\nx = (',
    extensions: faultUnderlines((_text, later) => {
      again = later;
      return Promise.resolve(listening ? [FAULT] : []);
    })
  });
  await vi.advanceTimersByTimeAsync(600);
  expect(diagnosticCount(view.state)).toBe(0);
  listening = true;
  again();
  await vi.advanceTimersByTimeAsync(600);
  expect(diagnosticCount(view.state)).toBe(1);
  view.destroy();
});
