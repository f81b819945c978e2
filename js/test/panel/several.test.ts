/** Clicks with a key held in the live graph. */
import { expect, test } from 'vitest';

import { followKeys } from '../../src/panel/several';

function element(parent: Element, tag: string, name = ''): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  parent.append(made);
  return made;
}

/** Click in a graph or on its toolbar; whether *Several* was on in the click, and after it. */
async function clicked(place: 'graph' | 'bar', keys: MouseEventInit, on = false) {
  document.body.replaceChildren();
  const root = element(document.body, 'div', 'dagbook-root');
  const bar = element(root, 'div', 'dagbook-toolbar');
  const several = element(bar, 'button', 'widget-toggle-button');
  const graph = element(element(root, 'div', 'dagbook-graph'), 'canvas');
  several.classList.toggle('mod-active', on);
  several.addEventListener('click', () => several.classList.toggle('mod-active'));
  const ended = new AbortController();
  followKeys(document, ended.signal);
  const target = place === 'graph' ? graph : bar;
  const seen: boolean[] = [];
  target.addEventListener('mouseup', () => seen.push(several.classList.contains('mod-active')));
  target.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, ...keys }));
  target.dispatchEvent(new MouseEvent('mouseup', { bubbles: true, ...keys }));
  await new Promise(resolve => setTimeout(resolve, 5));
  ended.abort();
  return [...seen, several.classList.contains('mod-active')];
}

test.each([{ shiftKey: true }, { ctrlKey: true }, { metaKey: true }])(
  'a click with %o is one with Several',
  async keys => {
    expect(await clicked('graph', keys)).toEqual([true, false]);
  }
);

test('a plain click, one elsewhere and one while Several is on change nothing', async () => {
  expect(await clicked('graph', {})).toEqual([false, false]);
  expect(await clicked('bar', { shiftKey: true })).toEqual([false, false]);
  expect(await clicked('graph', { shiftKey: true }, true)).toEqual([true, true]);
});
