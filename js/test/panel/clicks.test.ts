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
  const cy = { resize: () => (seen.measured += 1), nodes: () => nodes, one: () => undefined };
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

/** A graph on a stage: its node tells of a press, and counts the clicks that it is given. */
function graphOn(stage: Element) {
  const graph = document.createElement('div');
  graph.className = 'dagbook-graph';
  const seen = { clicks: [] as string[], press: (): void => undefined };
  const node = {
    id: () => 'orders',
    nonempty: () => true,
    toggleClass: (name: string, on: boolean) => on && seen.clicks.push(name),
    emit: (event: string) => seen.clicks.push(event)
  };
  const one = (_event: string, _of: string, tell: (event: { target: typeof node }) => void) => {
    seen.press = () => {
      tell({ target: node });
    };
  };
  const nodes = () => ({ toggleClass: () => undefined });
  const cy = { resize: () => undefined, nodes, getElementById: () => node, one };
  Object.assign(graph, { _cyreg: { cy } });
  stage.replaceChildren(graph);
  return { graph, seen };
}

test.each([
  ['a click of a hand', {}, { clientX: 2 }, ['click']],
  ['a click that adds', { shiftKey: true }, {}, ['dagbook-adding', 'click']],
  ['no drag', {}, { clientX: 90 }, []]
])('%s that the graph was replaced in meets the new one', (_, down, up, clicks) => {
  const stage = document.createElement('div');
  stage.className = 'dagbook-stage';
  document.body.replaceChildren(stage);
  const ended = new AbortController();
  followClicks(document, ended.signal);
  const old = graphOn(stage);
  old.graph.dispatchEvent(new MouseEvent('pointerdown', { bubbles: true, ...down }));
  old.seen.press();
  const { seen } = graphOn(stage);
  stage.dispatchEvent(new MouseEvent('pointerup', { bubbles: true, ...up }));
  ended.abort();
  expect(seen.clicks).toEqual(clicks);
});
