/** Finding names and their definitions. */
import { describe, expect, test } from 'vitest';

import { definitionOf, freeName, nameAt } from '../../src/commands/places';

describe('the name at an offset', () => {
  test.each([
    ['sum(orders)', 6, 'orders'],
    ['sum(orders)', 4, 'orders'],
    ['sum(orders)', 10, 'orders'],
    ['größe', 2, 'größe'],
    ['a + b', 3, ''],
    ['', 0, '']
  ])('in %j at %i is %j', (text, offset, name) => {
    expect(nameAt(text, offset)).toBe(name);
  });
});

function find(name: string, texts: readonly string[], from = 0, owner?: string) {
  const cells = texts.map((text, n) => ({ id: String(n), text }));
  return definitionOf(name, cells, from, owner);
}

describe('a name is bound by', () => {
  test.each([
    ['x = 1\ny = x', 'y', 6],
    ['größe = 1', 'größe', 0],
    ['def y(a):\n  pass', 'y', 0],
    ['async def y(): ...', 'y', 0],
    ['class y: ...', 'y', 0],
    ['a, y = 1, 2', 'y', 0],
    ['y: int = 1', 'y', 0],
    ['import pandas as y', 'y', 0],
    ['from a import b, y', 'y', 0],
    ['for y in range(3):\n  pass', 'y', 0],
    ['with open(a) as y:\n  pass', 'y', 0]
  ])('%j', (text, name, offset) => {
    expect(find(name, [text])).toEqual({ cell: 0, offset });
  });

  test.each(['y == 1', 'f(y=1)', 'print(y)', 'import y as z', '  y = 1', 'import a.y'])(
    'and not by %j',
    text => {
      expect(find('y', [text])).toBeNull();
    }
  );
});

test('an asset is found in the cell that the kernel names', () => {
  expect(find('orders', ['orders = 1', 'x', 'y'], 0, '2')).toEqual({ cell: 2, offset: 0 });
});

test('an asset that is not registered is found by its header', () => {
  expect(find('orders', ['x = 1', '%%asset raw/orders\n1'])).toEqual({ cell: 1, offset: 0 });
});

test('a local of an asset is nobody else’s', () => {
  expect(find('y', ['%%asset a\ny = 1'])).toBeNull();
});

test('of several definitions the nearest above counts, else the first below', () => {
  const texts = ['y = 1', 'y = 2', 'print(y)', 'y = 3'];
  expect(find('y', texts, 2)).toEqual({ cell: 1, offset: 0 });
  expect(find('y', texts.slice(2), 0)).toEqual({ cell: 1, offset: 0 });
});

test('hostile names find nothing and break nothing', () => {
  expect(find('(', ['( = 1'])).toBeNull();
});

test('a new name is not one that is taken', () => {
  expect(freeName('a', new Set(['a', 'a_2']))).toBe('a_3');
});
