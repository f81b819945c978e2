/** Messages of the kernel. */
import { expect, test } from 'vitest';

import { readMessage } from '../../src/kernel/validation';

const ASSET = {
  key: 'a',
  state: 'fresh',
  why: '',
  flags: [],
  seconds: null,
  checks: [],
  inputs: ['b']
};
const STATE = {
  type: 'state',
  number: 1,
  whole: true,
  assets: [ASSET],
  cells: [],
  goneassets: [],
  gonecells: [],
  outdated: null,
  madewith: [],
  runs: []
};

test('a message of the agreed shape is read', () => {
  expect(readMessage(STATE)).toBe(STATE);
});

test.each([
  ['State.number', { number: '1' }],
  ['State.assets', { assets: {} }],
  ['State.assets[0].state', { assets: [{ ...ASSET, state: 'happy' }] }],
  ['State.assets[0].inputs[0]', { assets: [{ ...ASSET, inputs: [1] }] }],
  ['State.assets[0].seconds', { assets: [{ ...ASSET, seconds: '1 s' }] }],
  ['State.runs', { runs: undefined }],
  ['type', { type: 'eval' }]
])('a message with another %s is refused', (place, change) => {
  expect(() => readMessage({ ...STATE, ...change })).toThrow(place);
});

test.each([null, undefined, 1, 'state', [], [STATE]])('%j is no message', data => {
  expect(() => readMessage(data)).toThrow('type');
});
