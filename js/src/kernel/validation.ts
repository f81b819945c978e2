/** Reads messages of the kernel, and refuses those that do not have the agreed shape. */
import type { FromKernel, Shape } from '../protocol';
import { FROM_KERNEL, SHAPES } from '../protocol';

export class BadMessage extends Error {}

/** The message that these data are; throws BadMessage, with the place, where they are none. */
export function readMessage(data: unknown): FromKernel {
  const kind = isObject(data) && typeof data.type === 'string' ? FROM_KERNEL[data.type] : undefined;
  if (kind === undefined) {
    throw new BadMessage('type');
  }
  check({ record: kind }, data, kind);
  return data as FromKernel;
}

function check(shape: Shape, value: unknown, place: string): void {
  if (typeof shape === 'string') {
    if (typeof value !== shape) {
      throw new BadMessage(place);
    }
  } else if ('is' in shape) {
    if (typeof value !== 'string' || !shape.is.includes(value)) {
      throw new BadMessage(place);
    }
  } else if ('maybe' in shape) {
    if (value !== null) {
      check(shape.maybe, value, place);
    }
  } else if ('list' in shape) {
    if (!Array.isArray(value)) {
      throw new BadMessage(place);
    }
    value.forEach((each, index) => {
      check(shape.list, each, `${place}[${index}]`);
    });
  } else {
    checkRecord(shape.record, value, place);
  }
}

function checkRecord(record: string, value: unknown, place: string): void {
  if (!isObject(value)) {
    throw new BadMessage(place);
  }
  for (const [name, shape] of Object.entries(SHAPES[record] ?? {})) {
    check(shape, value[name], `${place}.${name}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
