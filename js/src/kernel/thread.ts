/** Lets a comm be heard while cells run and wait. */
import type { Kernel } from '@jupyterlab/services';

/** Milliseconds to wait at most for a thread of the comm's own; mostly it is there in a few. */
const LONGEST = 2000;

/** What JupyterLab's comms tell of their subshells, in part not declared. */
interface OnSubshell {
  readonly subshellStarted?: Promise<void>;
  readonly commsOverSubshells?: string;
}

/** JupyterLab begins a subshell of the kernel for a comm, and opens the comm without waiting for it. */
export async function ownThread(
  kernel: Kernel.IKernelConnection,
  comm: Kernel.IComm
): Promise<void> {
  const { subshellStarted, commsOverSubshells } = comm as OnSubshell;
  // Before JupyterLab 4.4 there are none, and with kernels or settings without them no promise ends.
  const { supportsSubshells } = kernel as { supportsSubshells?: boolean };
  if (supportsSubshells === true && commsOverSubshells !== 'disabled') {
    const late = new Promise<void>(resolve => setTimeout(resolve, LONGEST));
    await Promise.race([subshellStarted, late]).catch(() => undefined);
  }
}
