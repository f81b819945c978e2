/** Underlines what is wrong in the text of a cell that defines, while it is typed. */
import type { Diagnostic } from '@codemirror/lint';
import { diagnosticCount, setDiagnostics } from '@codemirror/lint';
import type { Extension, Text } from '@codemirror/state';
import { ViewPlugin } from '@codemirror/view';

import type { CellFault } from '../protocol';
import { headerOf } from './header';

/** Asks the kernel what is wrong with a text; where none listens nothing, and `again` once one does. */
export type FindsFaults = (text: string, again: () => void) => Promise<readonly CellFault[]>;

// Milliseconds without typing, after which the text is read.
const PAUSE = 500;

export function faultUnderlines(find: FindsFaults): Extension {
  return ViewPlugin.define(view => {
    let timer = 0;
    let isGone = false;
    const read = async (): Promise<void> => {
      const { doc } = view.state;
      const text = doc.toString();
      const faults = headerOf(text) === null ? [] : await find(text, later);
      // Where nothing was and is underlined the editor need not change, nor the page measure it.
      if (view.state.doc === doc && faults.length + diagnosticCount(view.state) > 0) {
        const found = faults.map(fault => diagnosticOf(fault, doc));
        view.dispatch(setDiagnostics(view.state, found));
      }
    };
    const later = (): void => {
      window.clearTimeout(timer);
      if (!isGone) {
        timer = window.setTimeout(() => void read(), PAUSE);
      }
    };
    later();
    return {
      update: ({ docChanged }) => {
        if (docChanged) {
          later();
        }
      },
      destroy: () => {
        isGone = true;
        window.clearTimeout(timer);
      }
    };
  });
}

export function diagnosticOf(fault: CellFault, doc: Text): Diagnostic {
  const line = doc.line(Math.min(Math.max(fault.line, 1), doc.lines));
  const from = line.from + offsetOf(line.text, fault.column);
  const to = fault.end === null ? line.to : line.from + offsetOf(line.text, fault.end);
  // A fault behind the end of a line is shown under its last character.
  const empty = to <= from;
  return {
    from: empty ? Math.max(line.from, Math.min(from, line.to - 1)) : from,
    to: empty ? Math.min(from + 1, line.to) : to,
    severity: 'error',
    source: 'dagbook',
    message: fault.text
  };
}

/** Python counts code points, an editor UTF-16 units. */
function offsetOf(line: string, column: number): number {
  return Array.from(line).slice(0, column).join('').length;
}
