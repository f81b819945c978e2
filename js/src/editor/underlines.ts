/** Underlines what is wrong in the text of a cell that defines, while it is typed. */
import type { Diagnostic } from '@codemirror/lint';
import { linter } from '@codemirror/lint';
import type { Extension, Text } from '@codemirror/state';

import type { CellFault } from '../protocol';
import { headerOf } from './header';

/** Asks the kernel what is wrong with a text; nothing where no kernel listens. */
export type FindsFaults = (text: string) => Promise<readonly CellFault[]>;

// Milliseconds without typing, after which the text is read.
const PAUSE = 500;

export function faultUnderlines(find: FindsFaults): Extension {
  return linter(
    async view => {
      const { doc } = view.state;
      const text = doc.toString();
      if (headerOf(text) === null) {
        return [];
      }
      return (await find(text)).map(fault => diagnosticOf(fault, doc));
    },
    { delay: PAUSE }
  );
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
