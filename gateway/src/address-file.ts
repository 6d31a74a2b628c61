/** The file by which kernels and servers of one user find the gateway, and which makes it the only one. */
import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync
} from 'node:fs';
import { join } from 'node:path';

/** What the file says. The token opens everything: the file is mode 0600. */
export interface GatewayAddress {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly version: string;
  readonly started_at: string;
}

const NAME = 'jupyterlab-kfp-gateway.json';

/** Read the address; a missing or broken file is no address, a broken one is set aside. */
export function readAddress(runtime: string): GatewayAddress | undefined {
  const file = join(runtime, NAME);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined; // no gateway has written one yet
  }
  try {
    const value = JSON.parse(text) as Partial<GatewayAddress>;
    if (typeof value.url === 'string' && typeof value.pid === 'number') {
      return value as GatewayAddress;
    }
  } catch {
    // falls through to setting it aside
  }
  renameSync(file, `${file}.damaged`);
  return undefined;
}

/** Write the address in one step, readable by its owner only. */
export function writeAddress(runtime: string, address: GatewayAddress): void {
  const file = join(runtime, NAME);
  const draft = `${file}.${address.pid}`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, `${JSON.stringify(address, null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}

/** Remove the address, if it is still this process's. */
export function removeAddress(runtime: string, pid: number): void {
  if (readAddress(runtime)?.pid === pid) {
    rmSync(join(runtime, NAME), { force: true });
  }
}

/** Whether the process of an address is alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
