/** Digests of cells, which the kernel computes too. */
import { expect, test } from 'vitest';

import { textDigest } from '../../src/cells/digest';

test.each([
  ['', '00000000-0'],
  ['%%asset orders', '5ada83ca-14'],
  ['größe = "→ 🙂"', '933eea3a-20'],
  ['half \ud800 pair', '2ff37be3-13']
])('the digest of %j is the same as in Python', (text, digest) => {
  expect(textDigest(text)).toBe(digest);
});
