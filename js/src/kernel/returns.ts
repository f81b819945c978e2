/** Has a kernel look again when the person comes back to its notebook, as files may be others by then. */
import type { KernelLink } from './link';

/** Milliseconds between two looks: a return is told in several ways, and looks cost the kernel time. */
const PAUSE = 2000;

type Asks = Pick<KernelLink, 'status' | 'ask'>;

export class Returns {
  private readonly asked = new WeakMap<Asks, number>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** The person is back; a kernel that works looks by itself as soon as it has ended. */
  back(link: Asks, kernel: string | undefined): void {
    const last = this.asked.get(link) ?? -PAUSE;
    if (link.status === 'ready' && kernel === 'idle' && this.now() - last >= PAUSE) {
      this.asked.set(link, this.now());
      void link.ask({ type: 'lookagain' });
    }
  }
}
