/** When a kernel is asked to look again. */
import { expect, test, vi } from 'vitest';

import { Returns } from '../../src/kernel/returns';

function link(status: 'ready' | 'absent' = 'ready') {
  const answer = { type: 'answer', request: '', problem: null, result: '' } as const;
  return { status, ask: vi.fn(async () => Promise.resolve(answer)) };
}

test('a return is told to a kernel once, and again after a while', () => {
  let now = 0;
  const returns = new Returns(() => now);
  const one = link();
  const other = link();
  returns.back(one, 'idle');
  returns.back(one, 'idle');
  returns.back(other, 'idle');
  expect([one.ask.mock.calls, other.ask.mock.calls]).toEqual([
    [[{ type: 'lookagain' }]],
    [[{ type: 'lookagain' }]]
  ]);
  now = 5000;
  returns.back(one, 'idle');
  expect(one.ask).toHaveBeenCalledTimes(2);
});

test.each([
  ['busy', 'ready'],
  [undefined, 'ready'],
  ['idle', 'absent']
] as const)('a kernel that is %s and %s is left in peace', (kernel, status) => {
  const asked = link(status);
  new Returns().back(asked, kernel);
  expect(asked.ask).not.toHaveBeenCalled();
});
