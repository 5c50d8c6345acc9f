import type { Arrival, Delivery } from "@/lib/api/received";

/** A line of a list: what is shown of an object or of a delivery. */
export interface ReceivedRecord {
  readonly id: number;
  readonly reason: string;
  /** Facts, from the most to the least telling. */
  readonly facts: readonly string[];
  readonly uid: string | null;
}

const ORIGINS: Record<string, string> = {
  "c-store": "by C-STORE",
  stow: "by STOW-RS",
  pulled: "from an archive",
  upload: "uploaded",
  found: "found without an entry",
};
const BYTES_PER_MB = 1e6;

/** A reason as a sentence begins. */
function sentence(reason: string | null): string {
  return reason ? reason.charAt(0).toUpperCase() + reason.slice(1) : "No reason was recorded.";
}

function moment(iso: string): string {
  return new Date(iso).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}

function attempts(count: number): string {
  return count === 1 ? "1 attempt" : `${count} attempts`;
}

export function arrivalRecord(arrival: Arrival): ReceivedRecord {
  const { id, received, origin, reason, size_bytes, sop_instance_uid } = arrival;
  return {
    id,
    reason: sentence(reason),
    facts: [
      `Received ${moment(received)}`,
      ORIGINS[origin] ?? origin,
      ...(arrival.attempts > 0 ? [attempts(arrival.attempts)] : []),
      ...(size_bytes ? [`${(size_bytes / BYTES_PER_MB).toFixed(1)} MB`] : []),
    ],
    uid: sop_instance_uid,
  };
}

export function deliveryRecord(delivery: Delivery): ReceivedRecord {
  const { id, format, peer, created, reason } = delivery;
  return {
    id,
    reason: sentence(reason),
    facts: [`${format.toUpperCase()} to ${peer}`, `made ${moment(created)}`, attempts(delivery.attempts)],
    uid: null,
  };
}
