import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { sleep } from './stats.mjs';

const established = '01';
/** Linux counts CPU time in hundredths of a second whatever the kernel's own tick. */
const ticksPerSecond = 100;

export function residentMib(pid) {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(kibibytes) / 1024;
}

export function cpuSeconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The command's name, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Established TCP connections that the process opened itself, which for a sidecar are those to the brokers. */
export function outgoingConnections(pid, listeningPorts) {
  const inodes = new Set();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkTarget(`/proc/${pid}/fd/${fd}`));
    if (inode) inodes.add(inode[1]);
  }
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1),
  );
  const isOutgoing = (row) => {
    const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
    return state === established && inodes.has(inode) && !listeningPorts.includes(portOf(local));
  };
  return rows.filter((row) => row.trim() !== '' && isOutgoing(row)).length;
}

/** Waits until the process has come to rest, so that what is measured next is not its start. */
export async function settled(pid, { maxSeconds = 60, cpuShare = 0.3 } = {}) {
  let calmSeconds = 0;
  for (let second = 0; second < maxSeconds && calmSeconds < 3; second++) {
    const before = cpuSeconds(pid);
    await sleep(1_000);
    calmSeconds = cpuSeconds(pid) - before < cpuShare ? calmSeconds + 1 : 0;
  }
}

const portOf = (address) => Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);

/** A file descriptor may be closed between the listing and the look. */
function linkTarget(path) {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
