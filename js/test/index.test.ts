/** The list of plugins. */
import { expect, test } from 'vitest';

import plugins from '../src/index';

test('every plugin has an id of its own under the name of the extension', () => {
  const ids = plugins.map(plugin => plugin.id);
  expect(ids.filter(id => !id.startsWith('dagbook:'))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
