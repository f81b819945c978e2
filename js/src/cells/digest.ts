/** A cell's text as the short digest that the kernel tells of the text that it has run. */

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) {
    value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return value;
});

/** The CRC-32 of the text in UTF-8, with its length in bytes. */
export function textDigest(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let value = 0xffffffff;
  for (const byte of bytes) {
    value = (TABLE[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  }
  const digest = (value ^ 0xffffffff) >>> 0;
  return `${digest.toString(16).padStart(8, '0')}-${bytes.length}`;
}
