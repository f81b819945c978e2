/** The line of badges in the page. */
import { expect, test, vi } from 'vitest';

import type { Badge } from '../../src/cells/badge';
import { BadgeBar } from '../../src/cells/bar';

const BADGE: Badge = {
  name: 'orders',
  asset: 'orders',
  word: 'stale',
  sign: '●',
  look: 'stale',
  why: 'code changed',
  notes: [],
  seconds: 2,
  checks: []
};

function bar(...badges: Badge[]) {
  const actions = { open: vi.fn(), run: vi.fn(), rerun: vi.fn(), cancel: vi.fn() };
  const made = new BadgeBar(actions);
  made.display(badges);
  const press = (selector: string): void => {
    made.node.querySelector<HTMLElement>(selector)?.click();
  };
  return { made, actions, press };
}

test('a badge says name, state, duration and why', () => {
  const { made } = bar(BADGE);
  expect(made.node.textContent).toBe('●ordersstale2.0 s');
  expect(made.node.querySelector('button')?.title).toBe('orders: stale\ncode changed');
});

test('what is to be known besides stands behind the state', () => {
  const { made } = bar({ ...BADGE, notes: ['pinned'] });
  expect(made.node.querySelector('.dagbook-note')?.textContent).toBe('pinned');
});

test('names are text, whatever they hold', () => {
  const name = '<img src=x onerror="alert(1)">';
  const checks = [{ name, word: 'failed', sign: '✗', look: 'failed', note: name }] as const;
  const { made } = bar({ ...BADGE, name, why: name, checks });
  expect(made.node.querySelectorAll('img')).toHaveLength(0);
  expect(made.node.querySelector('.dagbook-name')?.textContent).toBe(name);
});

test('a click opens the asset, and the buttons run it', () => {
  const { actions, press } = bar(BADGE);
  press('.dagbook-badge');
  press('.dagbook-run');
  press('.dagbook-upstream');
  expect(actions.open).toHaveBeenCalledWith('orders');
  expect(actions.run.mock.calls).toEqual([['this'], ['upstream']]);
});

test('what runs can be cancelled, and not run again', () => {
  const { made, actions, press } = bar({ ...BADGE, word: 'running', look: 'running' });
  press('.dagbook-cancel');
  expect(actions.cancel).toHaveBeenCalledOnce();
  expect(made.node.querySelector('.dagbook-seconds')?.textContent).toBe('last took 2.0 s');
  expect(made.node.querySelector('.dagbook-run')).toBeNull();
});

test('nothing is offered where no kernel listens', () => {
  const { made } = bar({ ...BADGE, asset: null, word: 'not connected', look: null });
  expect(made.node.querySelectorAll('.dagbook-button')).toHaveLength(0);
  expect(made.node.querySelector('button')?.disabled).toBe(true);
});

test('equal badges leave the page as it is', () => {
  const { made } = bar(BADGE);
  const before = made.node.firstChild;
  made.display([{ ...BADGE }]);
  expect(made.node.firstChild).toBe(before);
});

test('of many badges the first are shown and the others counted', () => {
  const { made } = bar(...Array.from({ length: 9 }, (_, n) => ({ ...BADGE, name: `a${n}` })));
  expect(made.node.querySelectorAll('.dagbook-badge')).toHaveLength(4);
  expect(made.node.textContent).toContain('and 5 more');
});

test('what is outdated is told beside the badges, and a click runs the cell again', () => {
  const { made, actions, press } = bar(BADGE);
  made.display([], { text: 'ran before a changed', why: 'newer values: a' });
  expect(made.node.textContent).toBe('↻ran before a changed');
  press('.dagbook-outdated-mark');
  expect(actions.rerun).toHaveBeenCalledOnce();
});
