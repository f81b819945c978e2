/** Fits the live graphs in a notebook's cells into their frames, as often as these change their size. */

/** What is needed of cytoscape.js, which keeps its instance on the element that it draws into. */
interface Drawing {
  resize(): void;
  fit(elements: undefined, padding: number): void;
  on(events: string, handler: () => void): void;
}

interface Frame extends Element {
  readonly _cyreg?: { readonly cy?: Drawing };
}

/** Pixels around a graph, as the kernel leaves them. */
const PADDING = 16;
/** The animation without any motion that tells that a graph was put into the page. */
const SHOWN = 'dagbook-graph-shown';

/** Keep the graphs below this element fitted, but for those that somebody has moved or zoomed. */
export function keepFitted(node: HTMLElement): void {
  const followed = new WeakSet<Drawing>();
  const moved = new WeakSet<Drawing>();
  // Before anybody can move a graph, the pointer has come into it.
  const follow = (frame: Frame): void => {
    const drawing = frame._cyreg?.cy;
    if (drawing !== undefined && !followed.has(drawing)) {
      followed.add(drawing);
      drawing.on('dragpan scrollzoom pinchzoom', () => moved.add(drawing));
      // The kernel has fitted it.
      drawing.on('layoutstop', () => moved.delete(drawing));
    }
  };
  const sizes = new ResizeObserver(entries => {
    for (const { target, contentRect } of entries) {
      const drawing = (target as Frame)._cyreg?.cy;
      if (drawing !== undefined && contentRect.width > 0 && !moved.has(drawing)) {
        drawing.resize();
        drawing.fit(undefined, PADDING);
      }
    }
  });
  node.addEventListener('animationstart', event => {
    if (event.animationName === SHOWN && event.target instanceof Element) {
      const frame = event.target;
      sizes.observe(frame);
      frame.addEventListener('pointerover', () => {
        follow(frame);
      });
    }
  });
}
