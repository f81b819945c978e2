/** Clicks in the live graph, as they begin. */
import { expect, test } from 'vitest';

import { followClicks } from '../../src/panel/clicks';

/** Press in a graph or on its toolbar; whether the graph measured itself anew, and whether the click adds. */
function pressed(place: 'graph' | 'bar', ...presses: MouseEventInit[]) {
  const [graph, canvas, bar] = ['div', 'canvas', 'button'].map(tag => document.createElement(tag));
  graph?.classList.add('dagbook-graph');
  graph?.append(canvas ?? '');
  document.body.replaceChildren(graph ?? '', bar ?? '');
  const seen = { measured: 0, adds: false };
  const nodes = {
    toggleClass: (_: string, on: boolean) => {
      seen.adds = on;
    }
  };
  const cy = { resize: () => (seen.measured += 1), nodes: () => nodes };
  Object.assign(graph as Element, { _cyreg: { cy } });
  const ended = new AbortController();
  followClicks(document, ended.signal);
  for (const keys of presses) {
    const target = place === 'graph' ? canvas : bar;
    target?.dispatchEvent(new MouseEvent('pointerdown', { bubbles: true, ...keys }));
  }
  ended.abort();
  return seen;
}

test.each([{ shiftKey: true }, { ctrlKey: true }, { metaKey: true }])(
  'a press with %o adds, and the one without a key after it does not',
  keys => {
    expect(pressed('graph', keys)).toEqual({ measured: 1, adds: true });
    expect(pressed('graph', keys, {})).toEqual({ measured: 2, adds: false });
  }
);

test('a press elsewhere is none in the graph', () => {
  expect(pressed('bar', { shiftKey: true })).toEqual({ measured: 0, adds: false });
});
