/** The link of one notebook with its kernel: two comms, and what was heard over them. */
import type { ISessionContext } from '@jupyterlab/apputils';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { JSONObject } from '@lumino/coreutils';
import { UUID } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { Answer, FromKernel, Hello, State, ToKernel } from '../protocol';
import { CONTROL_TARGET, PROTOCOL, STATE_TARGET } from '../protocol';
import { GONE, NOT_LOADED, SHARED, answerOf, otherVersion } from './answers';
import type { Screen } from './screen';
import { NOTHING_SHOWN, together } from './screen';
import type { Changed } from './standing';
import { Standing } from './standing';
import { ownThread } from './thread';
import { readMessage } from './validation';

/** `absent`: no kernel, or none that has loaded dagbook; `refused`: of another version. */
export type LinkStatus = 'absent' | 'ready' | 'refused';

/** A request without its id, which the link gives. */
export type Request = ToKernel extends infer T
  ? T extends unknown
    ? Omit<T, 'request'>
    : never
  : never;

type Told = Exclude<FromKernel, Hello | State>;

export class KernelLink implements IDisposable {
  private readonly ownStanding = new Standing();
  private ownStatus: LinkStatus = 'absent';
  private ownProblem = '';
  /** The link of another notebook of the page, which has the comms with the same kernel. */
  private via: KernelLink | null = null;
  private readonly _changed = new Signal<this, Changed | null>(this);
  private readonly pending = new Map<string, (told: Told) => void>();
  /** The newest request to hear everything, which a kernel of another version refuses. */
  private attaching = '';
  private kernel: Kernel.IKernelConnection | null = null;
  private control: Kernel.IComm | null = null;
  private state: Kernel.IComm | null = null;
  private _isDisposed = false;

  constructor(
    context: ISessionContext,
    private readonly version: string,
    private readonly others: () => Iterable<KernelLink> = () => [],
    /** What the notebook shows, as far as its cells keep it. */
    private readonly screen: () => Screen = () => NOTHING_SHOWN
  ) {
    context.kernelChanged.connect(this.onKernel, this);
    context.statusChanged.connect(this.onStatus, this);
    this.follow(context.session?.kernel ?? null);
  }

  /** The link that has the comms: this one, or that of another notebook on the same kernel. */
  get carrier(): KernelLink {
    return this.via ?? this;
  }

  get standing(): Standing {
    return this.carrier.ownStanding;
  }

  get status(): LinkStatus {
    return this.carrier.ownStatus;
  }

  /** Why nothing is connected, where there is more to say than that. */
  get problem(): string {
    return this.carrier.ownProblem;
  }

  /** Emits what changed; null where the whole did. */
  get changed(): ISignal<this, Changed | null> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The notebook's cells are there: let count what they keep, as far as no kernel knows better. */
  recall(): void {
    const { carrier } = this;
    if (carrier.ownStatus !== 'ready') {
      carrier.ownStanding.recall(this.screen().outdated);
      this._changed.emit(null);
    } else if (carrier !== this) {
      carrier.send(carrier.attachment());
    }
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      // First of all, for those who hear through this one.
      this.kernel = null;
      this.leave('absent');
      Signal.clearData(this);
    }
  }

  /** Send a request; resolves with its answer, or with a problem where the kernel goes away. */
  async request(request: Request): Promise<Told> {
    if (this.via !== null) {
      return this.via.request(request);
    }
    const id = UUID.uuid4();
    if (this.control === null || this.status !== 'ready') {
      return answerOf(id, this.problem || NOT_LOADED);
    }
    const answered = new Promise<Told>(resolve => this.pending.set(id, resolve));
    this.send({ ...request, request: id });
    return answered;
  }

  /** Send a request that is answered by a result or a problem. */
  async ask(request: Request): Promise<Answer> {
    const told = await this.request(request);
    return told.type === 'answer' ? told : answerOf(told.request, 'The kernel answers otherwise.');
  }

  private send(message: ToKernel): void {
    this.control?.send(message as unknown as JSONObject);
  }

  private onKernel(
    _: ISessionContext,
    change: { newValue: Kernel.IKernelConnection | null }
  ): void {
    this.follow(change.newValue);
  }

  private onStatus(_: ISessionContext, status: Kernel.Status): void {
    if (['restarting', 'autorestarting', 'terminating', 'dead'].includes(status)) {
      this.leave('absent');
    } else if (status === 'starting' && this.ownStatus !== 'absent') {
      // Somebody else restarted it, and JupyterLab takes comms and their threads for alive.
      this.control?.dispose();
      this.state?.dispose();
      this.leave('absent');
    }
  }

  private follow(kernel: Kernel.IKernelConnection | null): void {
    this.via?.changed.disconnect(this.onCarrier, this);
    this.via = null;
    this.leave('absent');
    this.kernel = kernel;
    if (kernel === null) {
      return;
    }
    if (!kernel.handleComms) {
      this.share(kernel);
      return;
    }
    kernel.registerCommTarget(STATE_TARGET, (comm, message) => {
      this.opened(kernel, comm, message.content.data);
    });
    void this.find(kernel);
  }

  /** JupyterLab lets only the first of a page's notebooks on one kernel have comms: hear through it. */
  private share(kernel: Kernel.IKernelConnection): void {
    for (const other of this.others()) {
      if (other.kernel?.id === kernel.id && other.kernel.handleComms) {
        this.via = other;
        other.changed.connect(this.onCarrier, this);
        this._changed.emit(null);
        return;
      }
    }
    this.leave('refused', SHARED);
  }

  private onCarrier(other: KernelLink, changed: Changed | null): void {
    if (other.kernel?.id === this.kernel?.id) {
      this._changed.emit(changed);
    } else {
      this.follow(this.kernel);
    }
  }

  /** Listen to a state comm that was opened before this page was there. */
  private async find(kernel: Kernel.IKernelConnection): Promise<void> {
    let ids: string[];
    try {
      const reply = await kernel.requestCommInfo({ target_name: STATE_TARGET });
      ids = reply.content.status === 'ok' ? Object.keys(reply.content.comms) : [];
    } catch {
      // The kernel has gone meanwhile; the next one is followed anew.
      return;
    }
    const [id] = ids;
    if (
      id === undefined ||
      this.kernel !== kernel ||
      this.ownStatus !== 'absent' ||
      kernel.hasComm(id)
    ) {
      return;
    }
    // What it said as it opened is not repeated: the answer to `attach` tells a wrong version.
    this.attend(kernel, kernel.createComm(STATE_TARGET, id));
  }

  private opened(kernel: Kernel.IKernelConnection, comm: Kernel.IComm, data: unknown): void {
    const hello = readMessage(data);
    if (hello.type === 'hello' && hello.protocol !== PROTOCOL) {
      this.leave('refused', otherVersion(this.version, hello.version));
      return;
    }
    this.attend(kernel, comm);
  }

  /** Listen to the state comm, and open a control comm of this page's own. */
  private attend(kernel: Kernel.IKernelConnection, comm: Kernel.IComm): void {
    this.leave('absent');
    this.state = comm;
    comm.onMsg = (message: KernelMessage.ICommMsgMsg) => {
      // What a kernel of another version tells may have any shape.
      if (this.ownStatus !== 'refused') {
        this.take(readMessage(message.content.data));
      }
    };
    comm.onClose = () => {
      this.leave('absent');
    };
    void this.attach(kernel, kernel.createComm(CONTROL_TARGET));
  }

  /** Open the control comm where it is heard while cells run and wait, if the kernel can do that. */
  private async attach(kernel: Kernel.IKernelConnection, control: Kernel.IComm): Promise<void> {
    const request = (this.attaching = UUID.uuid4());
    await ownThread(kernel, control);
    if (this.attaching === request && !kernel.isDisposed) {
      this.control = control;
      control.open(this.attachment() as unknown as JSONObject);
    } else {
      control.dispose();
    }
  }

  private attachment(): ToKernel {
    this.attaching = UUID.uuid4();
    const { attaching: request, version } = this;
    const heard = [...new Set([this, ...this.others()])].filter(each => each.carrier === this);
    const screen = together(heard.map(each => each.screen()));
    return { type: 'attach', request, protocol: PROTOCOL, version, ...screen };
  }

  private take(message: FromKernel): void {
    if (message.type === 'state') {
      this.takeState(message);
    } else if (message.type === 'answer' && message.request === this.attaching) {
      if (message.problem !== null) {
        this.leave('refused', message.problem);
      }
    } else if (message.type !== 'hello') {
      this.pending.get(message.request)?.(message);
      this.pending.delete(message.request);
    }
  }

  private takeState(state: State): void {
    if (!this.ownStanding.follows(state)) {
      this.send(this.attachment());
      return;
    }
    const changed = this.ownStanding.take(state);
    const isNew = this.ownStatus !== 'ready';
    this.ownStatus = 'ready';
    this._changed.emit(isNew ? null : changed);
  }

  /** Nothing is connected any more; whoever waits for an answer is told so. */
  private leave(status: 'absent' | 'refused', problem = ''): void {
    const differs = this.ownStatus !== status || this.ownStanding.assets.size > 0;
    this.ownStatus = status;
    this.ownProblem = problem;
    this.control = this.state = null;
    this.attaching = '';
    this.ownStanding.clear();
    for (const [id, resolve] of this.pending) {
      resolve(answerOf(id, GONE));
    }
    this.pending.clear();
    if (differs) {
      this._changed.emit(null);
    }
  }
}
