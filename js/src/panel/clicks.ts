/** Clicks in a live graph: each meets what is under the pointer, and with Shift, Ctrl or Cmd it adds to the selection. */

/** The class by which the nodes tell their kernel, with the click itself, that it adds. */
const ADDING = 'dagbook-adding';
/** Pixels by which a hand may move while it presses, as the graphs have it. */
const STILL = 8;
/** Milliseconds after which a graph that was replaced is looked for again, and how often. */
const PAUSE = 50;
const TRIES = 40;

interface Nodes {
  toggleClass(name: string, on: boolean): void;
}

interface Node extends Nodes {
  id(): string;
  nonempty(): boolean;
  emit(event: string): void;
}

/** What of cytoscape.js is needed, which keeps its graph on the element that it draws into. */
interface Drawn extends Element {
  readonly _cyreg?: {
    readonly cy?: {
      resize(): void;
      nodes(): Nodes;
      getElementById(id: string): Node;
      one(event: string, selector: string, handler: (event: { target: Node }) => void): void;
    } | null;
  };
}

/** A press that has not ended yet: where it began, and on which node, if on one. */
interface Press {
  readonly graph: Element;
  readonly stage: Element | null;
  readonly at: PointerEvent;
  node: string | null;
}

/** Make the graphs of this page ready for each press as it begins; ends by the signal. */
export function followClicks(page: Document, signal: AbortSignal): void {
  let pressed: Press | null = null;
  const begin = (event: PointerEvent): void => {
    pressed = press(event);
  };
  const end = (event: PointerEvent): void => {
    if (pressed !== null) {
      release(pressed, event);
    }
    pressed = null;
  };
  page.addEventListener('pointerdown', begin, { capture: true, signal });
  page.addEventListener('pointerup', end, { capture: true, signal });
}

function press(at: PointerEvent): Press | null {
  const { target } = at;
  const graph: Drawn | null = target instanceof Element ? target.closest('.dagbook-graph') : null;
  const cy = graph?._cyreg?.cy;
  if (graph === null || !cy) {
    return null;
  }
  // It looks for its nodes where its frame was, until it is told that text above has moved it.
  cy.resize();
  // A switch of its own message would be late: a page holds those back while the kernel is busy.
  cy.nodes().toggleClass(ADDING, adds(at));
  const pressed: Press = { graph, stage: graph.closest('.dagbook-stage'), at, node: null };
  cy.one('tapstart', 'node', event => {
    pressed.node = event.target.id();
  });
  return pressed;
}

/** Where the graph was drawn anew between press and release, the click is that of the new one. */
function release({ graph, stage, at, node }: Press, event: PointerEvent): void {
  const moved = Math.hypot(event.clientX - at.clientX, event.clientY - at.clientY);
  if (node !== null && stage !== null && !graph.isConnected && moved <= STILL) {
    click(stage, node, adds(at), TRIES);
  }
}

function click(stage: Element, id: string, adding: boolean, tries: number): void {
  const graph: Drawn | null = stage.querySelector('.dagbook-graph');
  const node = graph?._cyreg?.cy?.getElementById(id);
  if (node?.nonempty() === true) {
    node.toggleClass(ADDING, adding);
    node.emit('click');
  } else if (tries > 0) {
    // It is not drawn yet, or the node is gone.
    window.setTimeout(() => {
      click(stage, id, adding, tries - 1);
    }, PAUSE);
  }
}

function adds(event: PointerEvent): boolean {
  return event.shiftKey || event.ctrlKey || event.metaKey;
}
