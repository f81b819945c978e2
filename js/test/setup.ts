/** What browsers have and jsdom lacks, for the libraries that ask for it as they load. */
const absent: Record<string, unknown> = {
  DragEvent: class extends MouseEvent {},
  ResizeObserver: class {
    observe(): void {
      // Nothing has a size here.
    }
    disconnect(): void {
      // Nor changes it.
    }
  },
  matchMedia: () => ({
    matches: false,
    addListener: () => undefined,
    removeListener: () => undefined,
    addEventListener: () => undefined,
    removeEventListener: () => undefined
  })
};
for (const [name, made] of Object.entries(absent)) {
  if (typeof Reflect.get(globalThis, name) !== 'function') {
    Object.assign(globalThis, { [name]: made });
  }
}
