/** What is told where no kernel can answer. */
import type { Answer } from '../protocol';

export const NOT_LOADED = 'This kernel has not loaded dagbook: run %load_ext dagbook.';
export const GONE = 'The kernel has gone, or was restarted.';
export const SHARED =
  'Another notebook of this page uses this kernel too, or did so: reload the page to connect this one.';

/** That this page and its kernel do not understand each other. */
export function otherVersion(here: string, kernel: string): string {
  return (
    `JupyterLab runs dagbook ${here}, this kernel dagbook ${kernel}: install the ` +
    'same version where each of them runs, then reload the page and restart the kernel.'
  );
}

export function answerOf(request: string, problem: string): Answer {
  return { type: 'answer', request, problem, result: '' };
}
