/** Clicks in a live graph: each meets what is under the pointer, and with Shift, Ctrl or Cmd it adds to the selection. */

/** The class by which the nodes tell their kernel, with the click itself, that it adds. */
const ADDING = 'dagbook-adding';

/** What of cytoscape.js is needed, which keeps its graph on the element that it draws into. */
interface Drawn extends Element {
  readonly _cyreg?: {
    readonly cy?: {
      resize(): void;
      nodes(): { toggleClass(name: string, on: boolean): void };
    } | null;
  };
}

/** Make the graphs of this page ready for each press as it begins; ends by the signal. */
export function followClicks(page: Document, signal: AbortSignal): void {
  page.addEventListener('pointerdown', press, { capture: true, signal });
}

function press(event: PointerEvent): void {
  const { target } = event;
  const graph: Drawn | null = target instanceof Element ? target.closest('.dagbook-graph') : null;
  const cy = graph?._cyreg?.cy;
  if (!cy) {
    return;
  }
  // It looks for its nodes where its frame was, until it is told that text above has moved it.
  cy.resize();
  // A switch of its own message would be late: a page holds those back while the kernel is busy.
  cy.nodes().toggleClass(ADDING, event.shiftKey || event.ctrlKey || event.metaKey);
}
