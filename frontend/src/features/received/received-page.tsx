import { useQuery } from "@tanstack/react-query";

import { Article } from "@/components/article";
import {
  arrivalsQuery,
  deliveriesQuery,
  discardArrival,
  discardDelivery,
  retryArrival,
  retryDelivery,
} from "@/lib/api/received";

import styles from "./received.module.css";
import { RecordList } from "./record-list";
import { arrivalRecord, deliveryRecord } from "./records";

/** "2 objects are waiting. "; nothing where there is none. */
function counted(total: number | undefined, what: string, doing: string): string {
  if (!total) return "";
  return total === 1 ? `1 ${what} is ${doing}. ` : `${total} ${what}s are ${doing}. `;
}

/** Objects that were received and not read, and results that could not be delivered. */
export function ReceivedPage() {
  const waiting = useQuery(arrivalsQuery("arrived"));
  const sending = useQuery(deliveriesQuery("waiting"));
  const quarantine = useQuery(arrivalsQuery("failed", "refused"));
  const ignored = useQuery(arrivalsQuery("ignored"));
  const givenUp = useQuery(deliveriesQuery("given_up"));
  return (
    <Article title="Received and not read">
      <p>
        Objects that came by C-STORE, by STOW-RS or from another archive and have no result. Each stays here,
        with its reason, until a person reads it again or discards it.
      </p>
      <p role="status" className={styles.waiting}>
        {counted(waiting.data?.total, "object", "waiting to be read or being read")}
        {counted(sending.data?.total, "result", "waiting to be sent")}
      </p>
      <RecordList
        title="In quarantine"
        meaning="Received, and then not read. The file is kept."
        none="No object is in quarantine."
        query={quarantine}
        records={quarantine.data?.arrivals.map(arrivalRecord)}
        queryKey="arrivals"
        retry={{ label: "Read again", act: retryArrival }}
        discard={{ question: "Discard this file for good?", act: discardArrival }}
      />
      <RecordList
        title="Not delivered"
        meaning="Results that the receiver did not take, after repeated attempts. The result is kept."
        none="No delivery was given up."
        query={givenUp}
        records={givenUp.data?.deliveries.map(deliveryRecord)}
        queryKey="deliveries"
        retry={{ label: "Send again", act: retryDelivery }}
        discard={{ question: "Discard this result for good?", act: discardDelivery }}
      />
      <RecordList
        title="Not read, by rule"
        meaning="Of a class that is not read, or a lateral view. The file is not kept."
        none="No object was ignored."
        query={ignored}
        records={ignored.data?.arrivals.map(arrivalRecord)}
        queryKey="arrivals"
        discard={{ question: "Discard this entry?", act: discardArrival }}
      />
    </Article>
  );
}
